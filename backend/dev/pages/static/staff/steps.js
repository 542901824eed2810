/* The dialogs in front of a step: confirm it, say why, or choose the file. What the API refuses is shown where the step was asked. */

import { ask } from "../shared/ask.js";
import { el } from "../shared/dom.js";
import { kilobytes, t } from "../shared/language.js";
import { Problem } from "../shared/problems.js";
import { samplePdf } from "./sample-pdf.js";

/** Confirm a step, with a reason where it needs one; `take(reason)` does it. */
export function askReason(action, take) {
  const reason = action.needsReason && el("textarea", { id: "reason", rows: 4, minlength: 10, maxlength: 4000, required: true });
  const fields = reason ? [el("label", { for: "reason" }, t("step.reason")), reason] : [];
  ask(action.label, fields, () => take(reason ? reason.value : null));
}

/** Choose the result file, or make a sample; `send(file)` publishes it. */
export function publish(dossier, action, send) {
  let sample = null;
  const input = el("input", { type: "file", id: "file", accept: "application/pdf,image/png,image/jpeg", onchange: () => { sample = null; made.textContent = ""; } });
  const made = el("p.quiet", { role: "status" });
  const make = async () => {
    sample = await samplePdf(dossier);
    input.value = "";
    made.textContent = t("publish.made", { name: sample.name, size: kilobytes(sample.size) });
  };
  const fields = [
    el("label", { for: "file" }, t("publish.file")), input,
    el("button.quiet-button", { type: "button", onclick: make }, t("publish.demo")), made,
  ];
  ask(action.label, fields, () => {
    const file = sample ?? input.files[0];
    if (!file) throw new Problem({ code: "file_missing", detail: t("publish.missing") });
    return send(file);
  });
}
