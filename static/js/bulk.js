// Lists with check boxes: <form data-bulk> gets "select all", a count, and ranges with Shift.

for (const form of document.querySelectorAll("form[data-bulk]")) {
    const rows = [...form.querySelectorAll(".select-cell input[type=checkbox]")];
    const holder = form.querySelector("[data-bulk-all]");
    const all = holder?.querySelector("input");
    const count = form.querySelector("[data-bulk-count]");
    let last = null;
    if (!all || rows.length === 0) {
        continue;
    }
    holder.hidden = false;

    const update = () => {
        const chosen = rows.filter((row) => row.checked).length;
        all.checked = chosen === rows.length;
        all.indeterminate = chosen > 0 && chosen < rows.length;
        if (count) {
            count.textContent = chosen > 0 ? count.dataset.text.replace("{n}", chosen) : "";
        }
    };

    all.addEventListener("change", () => {
        for (const row of rows) {
            row.checked = all.checked;
        }
        update();
    });
    rows.forEach((row, index) => {
        row.addEventListener("click", (event) => {
            if (event.shiftKey && last !== null) {
                const [from, to] = [Math.min(last, index), Math.max(last, index)];
                for (const between of rows.slice(from, to + 1)) {
                    between.checked = row.checked;
                }
            }
            last = index;
            update();
        });
    });
    addEventListener("pageshow", update);
    update();
}
