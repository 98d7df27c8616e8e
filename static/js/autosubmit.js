// Filter bars with data-autosubmit: a changed select or check box sends the form at once. Typing does not.
// A select is sent only when chosen with the pointer or left by the keyboard, so that arrow keys can walk through it.

for (const form of document.querySelectorAll("form[data-autosubmit]")) {
    let byKeyboard = false;
    let changed = false;
    form.addEventListener("keydown", () => {
        byKeyboard = true;
    });
    form.addEventListener("pointerdown", () => {
        byKeyboard = false;
    });
    form.addEventListener("change", (event) => {
        const simple = event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]");
        if (!simple) {
            return;
        }
        if (byKeyboard) {
            changed = true;
        } else {
            form.requestSubmit();
        }
    });
    form.addEventListener("focusout", (event) => {
        if (changed && event.target.matches("select") && !event.relatedTarget?.matches("[type=submit]")) {
            changed = false;
            form.requestSubmit();
        }
    });
    form.addEventListener("submit", () => {
        // Empty fields only make the address long.
        for (const input of form.elements) {
            if (input.name && input.value === "") {
                input.disabled = true;
            }
        }
    });
    addEventListener("pageshow", () => {
        for (const input of form.elements) {
            input.disabled = false;
        }
    });
}
