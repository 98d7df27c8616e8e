// The form of a new event: proposes the address of the page from the name until somebody types one.

const name = document.querySelector("input[name=name]");
const slug = document.querySelector("input[name=slug]");

if (name && slug && slug.value === "") {
    let typed = false;
    slug.addEventListener("input", () => {
        typed = slug.value !== "";
    });
    name.addEventListener("input", () => {
        if (!typed) {
            slug.placeholder = name.value
                .normalize("NFKD")
                .replace(/\p{M}/gu, "")
                .toLowerCase()
                .replace(/[^a-z0-9]+/g, "-")
                .replace(/^-+|-+$/g, "")
                .slice(0, 60);
        }
    });
}
