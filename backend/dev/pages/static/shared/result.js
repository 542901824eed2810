/* The result of a dossier: downloaded, checked against its published digest in this browser, then shown. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { day, kilobytes, t, teach } from "./language.js";
import { Problem, problemCard } from "./problems.js";

teach({
  vi: {
    "result.ready": "Đã có kết quả",
    "result.published": "Công bố {day} · {size}",
    "result.open": "Xem kết quả",
    "result.save": "Lưu tệp",
    "result.checking": "Đang tải và kiểm tra…",
    "result.intact": "Tệp nguyên vẹn: SHA-256 trùng khớp",
    "result.broken": "Tệp tải về không trùng mã SHA-256 đã công bố, nên không được mở.",
  },
  en: {
    "result.ready": "The result is here",
    "result.published": "Published {day} · {size}",
    "result.open": "Open the result",
    "result.save": "Save the file",
    "result.checking": "Downloading and checking…",
    "result.intact": "The file is intact: SHA-256 matches",
    "result.broken": "The downloaded file does not match its published SHA-256, so it is not opened.",
  },
});

/** The card with the result and its one button. */
export function resultCard(api, result) {
  const outcome = el("div.result-outcome", { "aria-live": "polite" });
  const open = el("button.primary", { type: "button", onclick: () => openResult(api, result, open, outcome) }, icon("eye"), t("result.open"));
  return el("section.card.result", { "aria-labelledby": "result-title" },
    el("h2", { id: "result-title" }, icon("file"), t("result.ready")),
    el("p.result-name", {}, result.name),
    el("p.quiet", {}, t("result.published", { day: day(result.publishedAt), size: kilobytes(result.size) })),
    open, outcome);
}

async function openResult(api, result, button, outcome) {
  button.disabled = true;
  outcome.replaceChildren(el("p.quiet", {}, t("result.checking")));
  try {
    const file = await download(api, result);
    outcome.replaceChildren(el("p.intact", {}, icon("shield"), t("result.intact")), el("code.digest", {}, result.sha256));
    show(file, result);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    outcome.replaceChildren(problemCard(problem, () => openResult(api, result, button, outcome)));
  } finally {
    button.disabled = false;
  }
}

/** The file, if it is what was published; a Problem otherwise. */
async function download(api, result) {
  const bytes = await (await api.send("GET", result.href)).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex !== result.sha256) throw new Problem({ code: "digest_mismatch", detail: t("result.broken") });
  return new Blob([bytes], { type: result.mediaType });
}

function show(file, result) {
  const url = URL.createObjectURL(file);
  const title = { title: result.name };
  const sight = file.type === "application/pdf" ? el("iframe", { src: `${url}#toolbar=0&view=FitH`, ...title }) : el("img", { src: url, alt: result.name });
  const dialog = el("dialog.viewer", { "aria-label": result.name, onclose: () => { URL.revokeObjectURL(url); dialog.remove(); } },
    el("header", {},
      el("p.viewer-name", {}, result.name),
      el("a.quiet-button", { href: url, download: result.name }, icon("download"), t("result.save")),
      el("button.round", { type: "button", "aria-label": t("close"), onclick: () => dialog.close() }, icon("close"))),
    sight);
  document.body.append(dialog);
  dialog.showModal();
}
