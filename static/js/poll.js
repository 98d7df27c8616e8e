// Long work: <section data-poll="url"> asks every two seconds (or data-poll-every milliseconds) until the answer says finished (lists.progress_panel).
// JSON: {finished, text, value, max, failed, url}. HTML: replaces [data-poll-body]; an element [data-poll-finished] ends it.
// Dispatches "poll" on the section with the JSON, for pages that draw more from it.

const EVERY = 2000;
const SLOWEST = 30000;

function show(panel, answer) {
    const text = panel.querySelector("[data-poll-text]");
    const bar = panel.querySelector("[data-poll-progress]");
    if (text && answer.text !== undefined && text.textContent !== answer.text) {
        text.textContent = answer.text;
    }
    if (bar && typeof answer.value === "number") {
        bar.max = answer.max ?? 100;
        bar.value = answer.value;
    }
    panel.classList.toggle("is-failed", Boolean(answer.failed));
    panel.dispatchEvent(new CustomEvent("poll", { detail: answer, bubbles: true }));
}

function finish(panel, address) {
    const bar = panel.querySelector("[data-poll-progress]");
    if (bar && !panel.classList.contains("is-failed")) {
        bar.value = bar.max;
    }
    if (panel.dataset.pollThen === "reload") {
        location.reload();
    } else if (address) {
        const link = document.createElement("a");
        link.className = "btn btn-primary";
        link.href = address;
        link.textContent = panel.dataset.labelResult;
        panel.append(link);
    }
}

async function ask(panel) {
    const response = await fetch(panel.dataset.poll, { headers: { Accept: "application/json, text/html" }, credentials: "same-origin" });
    if (!response.ok) {
        throw new Error(String(response.status));
    }
    if (response.headers.get("content-type")?.includes("json")) {
        const answer = await response.json();
        show(panel, answer);
        return { finished: answer.finished, url: answer.url };
    }
    const body = panel.querySelector("[data-poll-body]");
    body.innerHTML = await response.text();
    return { finished: body.querySelector("[data-poll-finished]") !== null };
}

async function follow(panel) {
    const every = Number(panel.dataset.pollEvery ?? EVERY);
    let wait = every;
    for (;;) {
        try {
            const { finished, url } = await ask(panel);
            wait = Math.min(Math.max(every, wait * 1.2), EVERY);
            if (finished) {
                finish(panel, url);
                return;
            }
        } catch {
            wait = Math.min(wait * 2, SLOWEST);
            const text = panel.querySelector("[data-poll-text]");
            if (text) {
                text.textContent = panel.dataset.labelLost;
            }
        }
        await new Promise((done) => setTimeout(done, document.hidden ? Math.max(wait, 10000) : wait));
    }
}

for (const panel of document.querySelectorAll("[data-poll]")) {
    follow(panel);
}
