/* How it went with a dossier that has ended: one to five stars and a few words, to be thought over for a week. */

import { el } from "../shared/dom.js";
import { day, moment, t } from "../shared/language.js";
import { Problem, problemCard } from "../shared/problems.js";

const MOST = 5;

export function rating(app, found) {
  const given = found.rating;
  const open = !given || Date.now() < Date.parse(given.editableUntil);
  return el("section.card.rating", { "aria-labelledby": "rating" }, el("h2", { id: "rating" }, t("rating.title")),
    given && told(given), open && form(app, found, given));
}

function told(given) {
  const reasons = given.reasons.map((reason) => reason.label).join(", ");
  return [
    el("p.stars", { role: "img", "aria-label": t("rating.stars", { stars: given.stars }) }, "★".repeat(given.stars) + "☆".repeat(MOST - given.stars)),
    reasons && el("p.quiet", {}, reasons),
    given.text && el("p", {}, given.text),
    el("p.quiet", {}, moment(given.at)),
  ];
}

function form(app, found, given) {
  const trouble = el("div");
  const words = el("textarea", { id: "rating-words", name: "text", rows: 2, maxlength: 1000 }, given?.text);
  const send = async (event) => {
    event.preventDefault();
    const stars = Number(new FormData(event.target).get("stars"));
    button.disabled = true;
    try {
      await app.api.put(`/v1/dossiers/${encodeURIComponent(found.id)}/rating`, { stars, text: words.value });
      await app.show();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      trouble.replaceChildren(problemCard(problem, () => app.show()));
      button.disabled = false;
    }
  };
  const button = el("button.primary", {}, t(given ? "rating.change" : "rating.send"));
  return el("form", { onsubmit: send },
    el("fieldset", {}, el("legend", {}, t("rating.how")), Array.from({ length: MOST }, (_, n) => star(n + 1, given?.stars))),
    el("label", { for: "rating-words" }, t("rating.words")), words,
    given && el("p.quiet", {}, t("rating.until", { day: day(given.editableUntil) })), button, trouble);
}

function star(number, chosen) {
  return el("label.star", {},
    el("input", { type: "radio", name: "stars", value: number, required: true, checked: number === chosen, "aria-label": t("rating.stars", { stars: number }) }),
    el("span", { "aria-hidden": "true" }, `${number} ★`));
}
