// A list to be put in order: <ol data-order> whose items have buttons name="move" value="up x" / "down x".
// Without this script each button asks the server; with it items move in place, by button or by dragging.

function steps(item, up) {
    let other = item;
    do {
        other = up ? other.previousElementSibling : other.nextElementSibling;
    } while (other && other.hidden);
    return other;
}

function say(list, item) {
    const shown = [...list.children].filter((each) => !each.hidden);
    const said = list.parentElement.querySelector("[data-order-said]");
    const name = item.querySelector("label").firstChild.textContent.trim();
    said.textContent = list.dataset.orderMoved.replace("{name}", name).replace("{n}", shown.indexOf(item) + 1);
}

function follow(list) {
    list.addEventListener("click", (event) => {
        const button = event.target.closest("button[name=move]");
        if (!button) {
            return;
        }
        event.preventDefault();
        const item = button.closest("li");
        const up = button.value.startsWith("up ");
        const other = steps(item, up);
        if (other) {
            other[up ? "before" : "after"](item);
            button.focus();
            say(list, item);
        }
    });

    let dragged = null;
    for (const item of list.children) {
        item.draggable = true;
    }
    list.addEventListener("dragstart", (event) => {
        dragged = event.target.closest("li");
        dragged.classList.add("is-dragged");
        event.dataTransfer.effectAllowed = "move";
    });
    list.addEventListener("dragover", (event) => {
        const over = event.target.closest("li");
        if (!dragged) {
            return;
        }
        event.preventDefault();
        if (over && over !== dragged) {
            const { top, height } = over.getBoundingClientRect();
            over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
        }
    });
    list.addEventListener("dragend", () => {
        dragged.classList.remove("is-dragged");
        say(list, dragged);
        dragged = null;
    });
}

for (const list of document.querySelectorAll("[data-order]")) {
    follow(list);
}
