// A button [data-copy="id"] copies the value of the input with that id; it says so in its label for a moment.
// It stays hidden without JavaScript, where the text can be selected by hand.

for (const button of document.querySelectorAll("[data-copy]")) {
    const input = document.getElementById(button.dataset.copy);
    const label = button.textContent;
    button.hidden = !input;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
        input.select();
        try {
            await navigator.clipboard.writeText(input.value);
        } catch {
            document.execCommand("copy"); // where the site is not served over https
        }
        button.textContent = button.dataset.copied;
        setTimeout(() => {
            button.textContent = label;
        }, 2000);
    });
}
