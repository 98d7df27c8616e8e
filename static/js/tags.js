// A text field of tags separated by commas becomes a row of tags that are added and removed one by one; the field itself
// stays in the form, so that what is sent is the same with and without this script.
// <div data-tags data-label-add data-label-remove data-known="id of a datalist"> around the field; suggestions come as an
// event "tags" on the element with {detail: {tags: [...]}} and are shown in [data-tags-suggested].

function clean(text) {
    return text.toLowerCase().trim().split(/\s+/).join(" ");
}

function button(text, label, className) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = className;
    element.textContent = text;
    element.setAttribute("aria-label", label);
    return element;
}

function prepare(box) {
    const field = box.querySelector("input");
    const row = document.createElement("ul");
    const entry = field.cloneNode();
    const suggested = box.querySelector("[data-tags-suggested]");
    let offered = [];
    row.className = "tag-row";
    entry.removeAttribute("name");
    entry.value = "";
    entry.setAttribute("list", box.dataset.known);
    field.type = "hidden";
    field.removeAttribute("id");
    field.before(row, entry);

    const tags = () => [...new Set(field.value.split(",").map(clean).filter(Boolean))];

    function set(list) {
        field.value = list.join(", ");
        draw();
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }

    function add(text) {
        set([...tags(), ...text.split(",").map(clean)].filter((tag, position, all) => tag && all.indexOf(tag) === position));
    }

    function draw() {
        row.replaceChildren(
            ...tags().map((tag) => {
                const item = document.createElement("li");
                const remove = button("×", `${box.dataset.labelRemove}: ${tag}`, "tag-remove");
                remove.addEventListener("click", () => {
                    set(tags().filter((other) => other !== tag));
                    entry.focus();
                });
                item.append(tag, remove);
                return item;
            }),
        );
        row.hidden = tags().length === 0;
        const open = offered.filter((tag) => !tags().includes(tag));
        suggested.hidden = open.length === 0;
        suggested.querySelector("ul").replaceChildren(
            ...open.map((tag) => {
                const item = document.createElement("li");
                const take = button(`+ ${tag}`, `${box.dataset.labelAdd}: ${tag}`, "tag-add");
                take.addEventListener("click", () => {
                    const next = item.nextElementSibling ?? item.previousElementSibling;
                    const position = [...item.parentElement.children].indexOf(next ?? item);
                    add(tag);
                    const left = suggested.querySelectorAll("button");
                    (left[Math.min(position, left.length - 1)] ?? entry).focus();
                });
                item.append(take);
                return item;
            }),
        );
    }

    function take() {
        if (entry.value.trim()) {
            const typed = entry.value;
            entry.value = "";
            add(typed);
        }
    }

    entry.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === ",") {
            event.preventDefault();
            take();
        } else if (event.key === "Backspace" && entry.value === "" && tags().length) {
            set(tags().slice(0, -1));
        }
    });
    entry.addEventListener("input", (event) => event.stopPropagation());
    entry.addEventListener("change", take);
    entry.addEventListener("blur", take);
    box.addEventListener("tags", (event) => {
        offered = event.detail.tags;
        draw();
    });
    draw();
}

document.querySelectorAll("[data-tags]").forEach(prepare);
