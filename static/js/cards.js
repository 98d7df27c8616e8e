// Partner cards by keyboard: once a card (or anything in it) has the focus, J and K go on and back, and the letter of a
// button presses it: [data-key="a"]. Keys do nothing outside of the cards and while one types.

const cards = [...document.querySelectorAll("[data-card]")];

function visible() {
    return cards.filter((card) => card.offsetParent !== null);
}

for (const card of cards) {
    card.tabIndex = 0;
    card.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, textarea")) {
            return;
        }
        const key = event.key.toLowerCase();
        const step = { j: 1, k: -1 }[key];
        const shown = visible();
        const target = step ? shown[shown.indexOf(card) + step] : card.querySelector(`[data-key="${CSS.escape(key)}"]`);
        if (!target) {
            return;
        }
        event.preventDefault();
        if (step) {
            target.focus();
            target.scrollIntoView({ block: "nearest" });
        } else {
            target.click();
        }
    });
}

for (const note of document.querySelectorAll("[data-keys]")) {
    note.hidden = cards.length === 0 || matchMedia("(hover: none)").matches;
}
