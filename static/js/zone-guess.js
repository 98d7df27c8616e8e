// A select with data-zone-guess starts with the time zone of the device, where it is among the choices.
// Only for forms that nobody has filled in yet; without JavaScript the preset stands.

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const select of document.querySelectorAll("select[data-zone-guess]")) {
    if ([...select.options].some((option) => option.value === here)) {
        select.value = here;
    }
}
