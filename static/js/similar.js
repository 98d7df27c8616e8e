// An input with data-similar (address of the search): shows entered organisations of nearly the typed name below it.
// Texts: data-similar-text ("Did you mean"); links lead to data-similar-join with the name as ?q=.

const WAIT = 250; // milliseconds without typing before asking

for (const input of document.querySelectorAll("input[data-similar]")) {
    const list = document.createElement("p");
    list.className = "field-help";
    list.setAttribute("role", "status");
    input.closest(".field").append(list);
    let timer = 0;
    let asked = 0;

    async function ask() {
        const number = ++asked;
        const name = input.value.trim();
        let found = [];
        if (name.length >= 3) {
            try {
                const answer = await fetch(`${input.dataset.similar}?name=${encodeURIComponent(name)}`);
                found = answer.ok ? (await answer.json()).organisations : [];
            } catch {
                found = []; // only a hint: the form asks again when it is sent
            }
        }
        if (number === asked) {
            show(found);
        }
    }

    function show(found) {
        list.replaceChildren(...(found.length ? [`${input.dataset.similarText} `] : []));
        found.forEach((organisation, position) => {
            const link = document.createElement("a");
            link.href = `${input.dataset.similarJoin}?q=${encodeURIComponent(organisation.name)}`;
            link.textContent = organisation.place ? `${organisation.name} (${organisation.place})` : organisation.name;
            list.append(position ? ", " : "", link);
        });
    }

    input.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(ask, WAIT);
    });
}
