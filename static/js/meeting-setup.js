// Live preview of the slots while lengths or a new block are typed. Without this file the preview shows what is saved.

const frame = document.querySelector("[data-preview]");
const forms = ["settings-form", "block-form"].map((id) => document.getElementById(id)).filter(Boolean);
const names = ["slot_minutes", "gap_minutes", "day", "starts", "ends"];
let timer = 0;
let latest = 0;

const refresh = async () => {
    const typed = new URLSearchParams();
    for (const form of forms) {
        for (const name of names) {
            const value = form.elements.namedItem(name)?.value;
            if (value) {
                typed.set(name, value);
            }
        }
    }
    latest += 1;
    const mine = latest;
    try {
        const answer = await fetch(`${frame.dataset.preview}?${typed}`, { headers: { Accept: "text/html" } });
        if (answer.ok && mine === latest) {
            frame.innerHTML = await answer.text();
        }
    } catch {
        // No connection: the preview stays as it is.
    }
};

if (frame) {
    for (const form of forms) {
        form.addEventListener("input", (event) => {
            if (names.includes(event.target.name)) {
                clearTimeout(timer);
                timer = setTimeout(refresh, 250);
            }
        });
    }
}
