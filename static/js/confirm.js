// Questions before acts that can't be undone. <details data-confirm> (lists.confirm_button) becomes a modal dialog;
// <form data-confirm="Question?"> asks in the same way before it is sent.

function dialogOf(content, no) {
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    const question = content.querySelector(".confirm-question");
    question.id ||= `question-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    dialog.setAttribute("aria-labelledby", question.id);
    const keep = document.createElement("button");
    keep.type = "button";
    keep.className = "btn btn-outline-primary";
    keep.textContent = no;
    keep.addEventListener("click", () => dialog.close());
    const actions = document.createElement("div");
    actions.className = "dialog-actions";
    actions.append(...content.querySelectorAll("form, [data-yes]"), keep);
    dialog.append(...content.childNodes, actions);
    document.body.append(dialog);
    dialog.addEventListener("click", (event) => {
        if (event.target === dialog) {
            dialog.close();
        }
    });
    return { dialog, keep };
}

for (const details of document.querySelectorAll("details[data-confirm]")) {
    const summary = details.querySelector("summary");
    const body = details.querySelector(".confirm-body");
    const { dialog, keep } = dialogOf(body, body.dataset.labelNo);
    body.remove();
    summary.setAttribute("aria-haspopup", "dialog");
    summary.addEventListener("click", (event) => {
        event.preventDefault();
        dialog.showModal();
        keep.focus();
    });
    dialog.addEventListener("close", () => summary.focus());
}

for (const form of document.querySelectorAll("form[data-confirm]")) {
    let sure = false;
    form.addEventListener("submit", (event) => {
        if (sure) {
            return;
        }
        event.preventDefault();
        const submitter = event.submitter;
        const content = document.createElement("div");
        const question = document.createElement("p");
        question.className = "confirm-question";
        question.textContent = form.dataset.confirm;
        const yes = document.createElement("button");
        yes.type = "button";
        yes.dataset.yes = "";
        yes.className = "btn btn-danger";
        yes.textContent = form.dataset.yes || submitter?.textContent.trim() || "OK";
        content.append(question, yes);
        const { dialog, keep } = dialogOf(content, form.dataset.no || "×");
        yes.addEventListener("click", () => {
            sure = true;
            dialog.close();
            form.requestSubmit(submitter);
        });
        dialog.addEventListener("close", () => {
            dialog.remove();
            submitter?.focus();
        });
        dialog.showModal();
        keep.focus();
    });
}
