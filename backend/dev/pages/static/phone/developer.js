/* "What the app just did": the last requests, for the developer who is about to write the same. */

import { calls, watchCalls } from "../shared/calls.js";
import { el } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { onLanguage, t } from "../shared/language.js";
import { world } from "../shared/world.js";

const apiHost = new URL(world.api).host;

/** The panel. Beside the phone where there is room; else it slides over it when asked for. */
export function developerPanel() {
  const list = el("ol.calls");
  const panel = el("aside.developer", { id: "developer", onkeydown: (event) => event.key === "Escape" && close(panel) });
  const draw = () => list.replaceChildren(...(calls.length ? calls.map(row) : [el("li.quiet", {}, t("developer.none"))]));
  const label = () => {
    panel.setAttribute("aria-label", t("developer.title"));
    panel.replaceChildren(
      el("header", {}, icon("code"), el("h2", {}, t("developer.title")),
        el("button.round", { type: "button", "aria-label": t("close"), onclick: () => close(panel) }, icon("close"))),
      list);
    draw();
  };
  watchCalls(draw);
  onLanguage(label);
  label();
  return panel;
}

/** The button that opens it on a small screen. */
export function developerButton(panel) {
  const open = () => {
    panel.classList.add("open");
    panel.querySelector("button").focus();
  };
  return el("button.round.developer-button", { type: "button", "aria-label": t("developer.title"), "aria-controls": "developer", onclick: open }, icon("code"));
}

function close(panel) {
  panel.classList.remove("open");
  document.querySelector(".developer-button")?.focus();
}

function row(call) {
  const failed = call.status === 0 || call.status >= 400;
  const path = decodeURIComponent(call.path);
  return el(`li.call.${call.method.toLowerCase()}`, {},
    el("span.method", {}, call.method),
    el("span.path", {}, call.host && call.host !== apiHost && el("span.host", {}, "fcm "), path),
    el(failed ? "span.status.failed" : "span.status", {}, call.status === null ? "…" : call.status || "✕"),
    el("span.ms", {}, call.ms === null ? "" : `${call.ms} ms`));
}
