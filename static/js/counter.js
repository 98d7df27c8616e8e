// Characters left in a field with data-counter="limit". The text stands in the element <id>-count;
// screen readers hear it only when typing pauses, and only near or beyond the limit.

for (const input of document.querySelectorAll("[data-counter]")) {
    const output = document.getElementById(`${input.id}-count`);
    if (!output) {
        continue;
    }
    const limit = Number(input.dataset.counter);
    const spoken = document.createElement("span");
    spoken.className = "visually-hidden";
    spoken.setAttribute("aria-live", "polite");
    output.after(spoken);
    let pause;

    const update = () => {
        // A line break is two characters in what the browser sends.
        const left = limit - [...input.value.replace(/\r?\n/g, "\r\n")].length;
        const text = (left < 0 ? output.dataset.over : output.dataset.left).replace("{n}", Math.abs(left));
        output.textContent = text;
        output.classList.toggle("is-over", left < 0);
        clearTimeout(pause);
        pause = setTimeout(() => {
            spoken.textContent = left < limit * 0.1 ? text : "";
        }, 1000);
    };
    input.addEventListener("input", update);
    update();
}
