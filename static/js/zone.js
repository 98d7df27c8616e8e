// A select with data-zone: offers the time zone of the browser when another one is chosen.
// Texts: data-zone-text ("This device is in {zone}.") and data-zone-use ("Use it").

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const select of document.querySelectorAll("select[data-zone]")) {
    const known = [...select.options].some((option) => option.value === here);
    if (!known || select.value === here) {
        continue;
    }
    const offer = document.createElement("p");
    offer.className = "zone-offer";
    offer.textContent = (select.dataset.zoneText || "{zone}").replace("{zone}", here);
    const use = document.createElement("button");
    use.type = "button";
    use.className = "btn btn-outline-primary btn-sm";
    use.textContent = select.dataset.zoneUse || here;
    use.addEventListener("click", () => {
        select.value = here;
        select.dispatchEvent(new Event("change", { bubbles: true }));
        offer.remove();
        select.focus();
    });
    offer.append(use);
    (select.closest(".field-control") ?? select).after(offer);
}
