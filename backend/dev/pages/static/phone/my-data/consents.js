/* What my data may be used for. A switch shows what I decided and nothing else: no "yes" that the API did not tell us of. */

import { el } from "../../shared/dom.js";
import { moment, t } from "../../shared/language.js";
import { Problem, problemCard } from "../../shared/problems.js";
import { heading } from "./heading.js";

export function consents(app) {
  return {
    get title() { return t("consents.title"); },
    load: () => app.api.get("/v1/me/consents"),
    render: ({ items }) => [
      ...heading("consents"),
      section("consents.yours", items.filter(isAsked).map((item) => decision(app, item))),
      section("consents.duties", items.filter((item) => !isAsked(item)).map(duty)),
    ],
  };
}

/** Where the law makes the purpose a duty of the state, there is nothing to decide. */
function isAsked(item) { return item.basis === "consent"; }

function section(key, cards) {
  return cards.length > 0 && el("section.group", { "aria-labelledby": key },
    el("h2", { id: key }, t(key)), el("ul.cards", {}, cards.map((card) => el("li", {}, card))));
}

function duty(item) {
  return el("div.card.purpose", {}, el("h3", {}, item.title), el("p", {}, item.text), el("p.quiet", {}, item.article));
}

function decision(app, item) {
  const text = `text-${item.purpose}`, box = `box-${item.purpose}`;
  const standing = el("p.quiet", { role: "status" });
  const trouble = el("div");
  const input = el("input.switch", { type: "checkbox", role: "switch", id: box, "aria-describedby": text, onchange: decide });
  let told = item;

  function show() {
    input.checked = told.granted === true;
    standing.textContent = saying(told);
  }

  async function decide() {
    input.disabled = true;
    trouble.replaceChildren();
    try {
      told = await app.api.put(`/v1/me/consents/${encodeURIComponent(item.purpose)}`, { granted: input.checked, textVersion: item.textVersion });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      // The text may have changed meanwhile: then the present one has to be read first.
      trouble.replaceChildren(problemCard(problem, () => app.pane.refresh()));
    }
    input.disabled = false;
    show();
    input.focus({ preventScroll: true });
  }

  show();
  return el("div.card.purpose", {},
    el("h3", {}, el("label.switch-row", { for: box }, item.title, input)),
    el("p", { id: text }, item.text), el("p.quiet", {}, item.article), standing, trouble);
}

function saying({ granted, decidedAt, outdated }) {
  if (outdated) return t("consents.outdated");
  if (!decidedAt) return t("consents.undecided");
  return t(granted ? "consents.granted" : "consents.withdrawn", { at: moment(decidedAt) });
}
