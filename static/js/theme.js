// Light or dark, before the first paint: this file is loaded as a plain blocking script in the head.
// Stored is only a choice that differs from the system; choosing the system's own forgets it again.
(() => {
    const key = "theme";
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)");

    function stored() {
        try {
            return localStorage.getItem(key);
        } catch {
            return null;
        }
    }

    function store(value) {
        try {
            if (value === null) {
                localStorage.removeItem(key);
            } else {
                localStorage.setItem(key, value);
            }
        } catch {
            // Storage may be switched off: the choice then holds for this page only.
        }
    }

    const preferred = () => (system.matches ? "dark" : "light");

    function label() {
        for (const button of document.querySelectorAll("[data-theme-switch]")) {
            const dark = root.dataset.bsTheme === "dark";
            button.querySelector(".visually-hidden").textContent = dark ? button.dataset.labelLight : button.dataset.labelDark;
            button.hidden = false;
        }
    }

    function apply(theme) {
        root.dataset.bsTheme = theme;
        label();
    }

    const chosen = stored();
    apply(chosen === "dark" || chosen === "light" ? chosen : preferred());
    system.addEventListener("change", () => {
        if (!stored()) {
            apply(preferred());
        }
    });
    document.addEventListener("DOMContentLoaded", () => {
        label();
        for (const button of document.querySelectorAll("[data-theme-switch]")) {
            button.addEventListener("click", () => {
                const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
                store(next === preferred() ? null : next);
                apply(next);
            });
        }
    });
})();
