// Warns before leaving a form with data-dirty while it holds input that was not sent.

const touched = new Set();

for (const form of document.querySelectorAll("form[data-dirty]")) {
    const state = () => new URLSearchParams([...new FormData(form)].map(([k, v]) => [k, v instanceof File ? v.name : v])).toString();
    const before = state();
    const update = () => (state() === before ? touched.delete(form) : touched.add(form));
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    form.addEventListener("submit", () => touched.delete(form));
}

addEventListener("beforeunload", (event) => {
    if (touched.size > 0) {
        event.preventDefault();
    }
});
