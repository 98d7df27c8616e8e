// Hints below the lines of the profile form while one types: what a line would match, what is too vague, which tags fit.
// <form data-hints="address">: the form is posted there after a pause, then the address is asked until it has an answer.
// Without this script the hints of the last saved version are shown.

const PAUSE = 700;
const EVERY = 500;
const PATIENCE = 40; // questions without an answer: then the next change tries again

const form = document.querySelector("form[data-hints]");

function clean(text) {
    return text.trim().split(/\s+/).join(" ");
}

function boxes() {
    return [...form.querySelectorAll("[data-line]")].map((line) => ({
        area: line.querySelector("textarea"),
        hint: line.querySelector("[data-hint]"),
        part: line.closest("[data-part]").dataset.part,
    }));
}

function show(answer) {
    for (const { area, hint, part } of boxes()) {
        const found = answer.lines.find((line) => line.part === part && line.text === clean(area.value));
        if (found) {
            hint.innerHTML = found.html;
            hint.dataset.text = found.text;
        } else if (hint.dataset.text !== clean(area.value)) {
            hint.replaceChildren();
        }
    }
    for (const [part, tags] of Object.entries(answer.tags)) {
        const box = form.querySelector(`[data-tags][data-part="tags_${part === "offers" ? "offered" : "needed"}"]`);
        box?.dispatchEvent(new CustomEvent("tags", { detail: { tags } }));
    }
}

if (form) {
    let timer = 0;
    let asked = 0;

    async function ask() {
        const number = ++asked;
        try {
            const sent = await fetch(form.dataset.hints, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" });
            for (let turn = 0; sent.ok && turn < PATIENCE && number === asked; turn += 1) {
                const answer = await (await fetch(form.dataset.hints, { credentials: "same-origin" })).json();
                if (number === asked && answer.finished) {
                    show(answer);
                    return;
                }
                await new Promise((done) => setTimeout(done, EVERY));
            }
        } catch {
            // only hints: the form works without them
        }
    }

    form.addEventListener("input", (event) => {
        if (event.target.closest("[data-line], [data-tags]")) {
            clearTimeout(timer);
            timer = setTimeout(ask, PAUSE);
        }
    });
    if (boxes().some(({ area }) => area.value.trim())) {
        ask();
    }
}
