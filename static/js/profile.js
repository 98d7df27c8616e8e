// The profile form: lines that are added and removed, completeness and hints while one types, a hint about the
// language, and lists that can be searched. Without this script all five lines are shown and everything works.

const form = document.querySelector("form[data-dirty]");

// Lines ---------------------------------------------------------------------------------------------------------------

function lines(box) {
    return [...box.querySelectorAll("[data-line]")];
}

function input(line) {
    return line.querySelector("textarea");
}

function prepareLines(box) {
    const rows = lines(box);
    const add = document.createElement("button");
    add.type = "button";
    add.className = "btn btn-outline-primary btn-sm";
    add.textContent = box.dataset.labelAdd;
    const update = () => {
        add.hidden = rows.every((row) => !row.hidden);
    };
    rows.forEach((row, number) => {
        row.hidden = number > 0 && input(row).value.trim() === "";
        if (number > 0) {
            const remove = document.createElement("button");
            remove.type = "button";
            remove.className = "btn btn-quiet btn-sm";
            remove.textContent = box.dataset.labelRemove;
            const name = row.querySelector("label")?.textContent.trim();
            remove.setAttribute("aria-label", `${box.dataset.labelRemove}: ${name}`);
            remove.addEventListener("click", () => {
                input(row).value = "";
                row.querySelector("[data-hint]")?.replaceChildren();
                row.hidden = true;
                input(row).dispatchEvent(new Event("input", { bubbles: true }));
                update();
                (rows.slice(0, number).reverse().find((other) => !other.hidden) ?? rows[0]).querySelector("textarea").focus();
            });
            row.append(remove);
        }
    });
    add.addEventListener("click", () => {
        const next = rows.find((row) => row.hidden);
        next.hidden = false;
        input(next).focus();
        update();
    });
    box.append(add);
    update();
}

// Completeness --------------------------------------------------------------------------------------------------------

function amount(part) {
    const box = form.querySelector(`[data-part="${part}"]`);
    if (part === "description") {
        return [...box.querySelector("textarea").value.trim()].length;
    }
    if (box.matches("[data-lines]")) {
        return new Set(lines(box).map((row) => input(row).value.trim().split(/\s+/).join(" ")).filter(Boolean)).size;
    }
    if (box.matches("[data-tags]")) {
        return box.querySelector("input[name]").value.split(",").filter((tag) => tag.trim()).length;
    }
    return box.querySelectorAll("input:checked").length;
}

function showCompleteness(panel) {
    const rules = JSON.parse(panel.dataset.rules);
    const open = rules.filter((rule) => amount(rule.part) < rule.least);
    const score = rules.reduce((sum, rule) => sum + rule.points, 0) - open.reduce((sum, rule) => sum + rule.points, 0);
    panel.querySelector("[data-completeness-value]").textContent = score;
    panel.querySelector("progress").value = score;
    panel.querySelector("[data-completeness-done]").hidden = open.length > 0;
    panel.querySelector("[data-completeness-hints]").replaceChildren(
        ...open.slice(0, 4).map((rule) => {
            const [item, text, points] = ["li", "span", "strong"].map((name) => document.createElement(name));
            text.textContent = rule.hint;
            points.textContent = `+${rule.points}`;
            item.append(text, " ", points);
            return item;
        }),
    );
}

// Language ------------------------------------------------------------------------------------------------------------

function isForeign(text, known) {
    const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
    const hits = Object.entries(known).map(([code, list]) => [code, words.filter((word) => list.has(word)).length]);
    const english = hits.find(([code]) => code === "en")[1];
    return hits.some(([code, count]) => code !== "en" && count >= 3 && count > english);
}

// Long lists ----------------------------------------------------------------------------------------------------------

function preparePicker(box) {
    const groups = [...box.querySelectorAll("details")];
    const count = () => {
        for (const group of groups) {
            const chosen = group.querySelectorAll("input:checked").length;
            const output = group.querySelector("[data-picker-count]");
            output.textContent = chosen ? output.dataset.text.replace("{n}", chosen) : "";
        }
    };
    const search = document.createElement("input");
    search.type = "search";
    search.className = "form-control picker-search";
    search.placeholder = box.dataset.labelSearch;
    search.setAttribute("aria-label", box.dataset.labelSearch);
    search.addEventListener("input", (event) => {
        event.stopPropagation(); // not part of the profile
        const wanted = search.value.trim().toLowerCase();
        for (const group of groups) {
            const choices = [...group.querySelectorAll(".choice")];
            for (const choice of choices) {
                choice.hidden = wanted !== "" && !choice.textContent.toLowerCase().includes(wanted);
            }
            group.hidden = choices.every((choice) => choice.hidden);
            group.open = !group.hidden && (wanted !== "" || group.querySelector("input:checked") !== null);
        }
    });
    search.addEventListener("keydown", (event) => {
        if (event.key === "Enter") {
            event.preventDefault();
        }
    });
    groups[0].before(search);
    box.addEventListener("change", count);
    count();
}

if (form) {
    const panel = document.querySelector("[data-completeness]");
    const warning = form.querySelector("[data-language]");
    const known = Object.fromEntries(Object.entries(JSON.parse(warning.dataset.stopWords)).map(([code, list]) => [code, new Set(list)]));
    form.querySelectorAll("[data-lines]").forEach(prepareLines);
    form.querySelectorAll("[data-picker]").forEach(preparePicker);
    const update = () => {
        showCompleteness(panel);
        const texts = [...form.querySelectorAll("[data-part] textarea")].map((area) => area.value).join("\n");
        warning.hidden = !isForeign(texts, known);
    };
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    update();
}
