// Menus made of <details data-menu>: closed by Escape, by a click elsewhere and by leaving them with Tab.
// Also brings the current item of a scrolling navigation into view, and the focus to a summary of errors.

const menus = document.querySelectorAll("details[data-menu]");

for (const menu of menus) {
    menu.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && menu.open) {
            menu.open = false;
            menu.querySelector("summary").focus();
        }
    });
    menu.addEventListener("focusout", (event) => {
        if (event.relatedTarget && !menu.contains(event.relatedTarget)) {
            menu.open = false;
        }
    });
}

document.addEventListener("click", (event) => {
    for (const menu of menus) {
        if (!menu.contains(event.target)) {
            menu.open = false;
        }
    }
});

for (const current of document.querySelectorAll(".event-nav [aria-current], .top-nav [aria-current]")) {
    const strip = current.closest("ul");
    strip.scrollLeft = current.offsetLeft - strip.offsetLeft - 40;
}

document.querySelector("[data-focus]")?.focus();
