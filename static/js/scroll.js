// Tables that are wider than their frame can be scrolled by keyboard: the frame becomes a stop of the tab key, but only
// then, so that tables that fit cost nobody a key press.

const frames = document.querySelectorAll(".table-frame");

const update = (frame) => {
    const scrolls = frame.scrollWidth > frame.clientWidth;
    if (scrolls) {
        frame.tabIndex = 0;
        frame.setAttribute("role", "region");
        frame.setAttribute("aria-label", frame.querySelector("caption")?.textContent ?? "");
    } else {
        for (const name of ["tabindex", "role", "aria-label"]) {
            frame.removeAttribute(name);
        }
    }
};

const watch = new ResizeObserver((entries) => entries.forEach((entry) => update(entry.target)));
for (const frame of frames) {
    update(frame);
    watch.observe(frame);
}
