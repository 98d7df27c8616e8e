// Availability grid: <table data-paint> of check boxes. Press on one and drag: all cells between get its new state.
// Arrow keys walk from cell to cell, space switches; without this file they are plain check boxes.
// Buttons [data-paint-set="all|none"] within the same form switch everything.

for (const table of document.querySelectorAll("table[data-paint]")) {
    const cells = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("td")].map((cell) => cell.querySelector("input[type=checkbox]")));
    const place = new Map();
    cells.forEach((row, y) => row.forEach((box, x) => box && place.set(box, { x, y })));
    let start = null;
    let state = false;
    let before = null;

    const boxAt = (event) => {
        const under = document.elementFromPoint(event.clientX, event.clientY);
        const box = under?.closest("td")?.querySelector("input[type=checkbox]");
        return box && place.has(box) ? box : null;
    };

    const paint = (end) => {
        const a = place.get(start);
        const b = place.get(end);
        for (const [box, { x, y }] of place) {
            const inside = x >= Math.min(a.x, b.x) && x <= Math.max(a.x, b.x) && y >= Math.min(a.y, b.y) && y <= Math.max(a.y, b.y);
            if (!box.disabled) {
                box.checked = inside ? state : before.get(box);
            }
        }
    };

    const finish = () => {
        if (start) {
            start.dispatchEvent(new Event("change", { bubbles: true }));
        }
        start = null;
    };

    table.addEventListener("pointerdown", (event) => {
        const box = event.target.closest("td")?.querySelector("input[type=checkbox]");
        // A finger scrolls; painting is for mouse and pen. A tap still switches the single cell.
        if (!box || box.disabled || event.button !== 0 || event.pointerType === "touch") {
            return;
        }
        event.preventDefault();
        start = box;
        state = !box.checked;
        before = new Map([...place.keys()].map((each) => [each, each.checked]));
        box.focus({ preventScroll: true });
        paint(box);
    });
    table.addEventListener("pointermove", (event) => {
        const box = start && boxAt(event);
        if (box) {
            paint(box);
        }
    });
    addEventListener("pointerup", finish);
    addEventListener("pointercancel", finish);
    // The pointer has painted already: the click that follows must not switch the cell back.
    table.addEventListener("click", (event) => {
        const byPointer = event.detail > 0 && event.pointerType !== "touch";
        if (byPointer && event.target.closest("td")) {
            event.preventDefault();
        }
    });

    table.addEventListener("keydown", (event) => {
        const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
        const from = place.get(event.target);
        if (!step || !from) {
            return;
        }
        event.preventDefault();
        const next = cells[from.y + step[1]]?.[from.x + step[0]];
        if (next && !next.disabled) {
            next.focus();
            if (event.shiftKey) {
                next.checked = event.target.checked;
                next.dispatchEvent(new Event("change", { bubbles: true }));
            }
        }
    });

    for (const button of table.closest("form")?.querySelectorAll("[data-paint-set]") ?? []) {
        button.closest("[hidden]")?.removeAttribute("hidden");
        button.addEventListener("click", () => {
            for (const box of place.keys()) {
                box.checked = box.disabled ? box.checked : button.dataset.paintSet === "all";
            }
            table.dispatchEvent(new Event("change", { bubbles: true }));
        });
    }
}
