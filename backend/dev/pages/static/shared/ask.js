/* The dialog in front of a step. What the API refuses is shown where the step was asked, and the dialog stays. */

import { el } from "./dom.js";
import { t } from "./language.js";
import { Problem, problemCard } from "./problems.js";

/** Ask with these fields; `go()` does it, `done()` comes when the dialog is gone. The button says what will happen where the title does not; `refused(problem)` draws what is in the way. */
export function ask(title, fields, go, { button = title, done = () => {}, refused = problemCard } = {}) {
  const trouble = el("div", { "aria-live": "polite" });
  const confirm = el("button.primary", { type: "submit" }, button);
  const submit = async (event) => {
    event.preventDefault();
    confirm.disabled = true;
    try {
      await go();
      dialog.close();
      done();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      trouble.replaceChildren(refused(problem));
    } finally {
      confirm.disabled = false;
    }
  };
  const dialog = el("dialog.ask", { "aria-labelledby": "ask-title", onclose: () => dialog.remove() },
    el("form", { onsubmit: submit },
      el("h2", { id: "ask-title" }, title),
      fields, trouble,
      el("div.ask-buttons", {},
        el("button.quiet-button", { type: "button", onclick: () => dialog.close() }, t("cancel")), confirm)));
  document.body.append(dialog);
  dialog.showModal();
}
