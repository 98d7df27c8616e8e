// A button [data-print] prints the page. It stays hidden without JavaScript: the browser's menu prints as well.
// On paper nothing can be opened: details [data-print-open] are open while the page is printed.

for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
}

const closed = new Set();

window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details[data-print-open]:not([open])")) {
        closed.add(part);
        part.open = true;
    }
});

window.addEventListener("afterprint", () => {
    for (const part of closed) {
        part.open = false;
    }
    closed.clear();
});
