/* What was asked of my data and where it stands: the same for an erasure and for every other request. */

import { el, facts } from "../../shared/dom.js";
import { day, moment, t } from "../../shared/language.js";
import { Problem, problemCard } from "../../shared/problems.js";

const MOODS = { erasing: "ended", refused: "ended", done: "done", taken_back: "done" };

export function isOpen(request) { return !request.closedAt; }

/** One that is not over: where it stands, what may still become of it (`meaning`), and the way back while there is one. */
export function standing(app, path, request, meaning) {
  const trouble = el("div");
  const takeBack = async () => {
    button.disabled = true;
    try {
      await app.api.delete(`${path}/${encodeURIComponent(request.id)}`);
      await app.show();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      trouble.replaceChildren(problemCard(problem, () => app.show()));
      button.disabled = false;
    }
  };
  const button = el("button.primary", { type: "button", onclick: takeBack }, t("request.takeBack"));
  return el("section.card.request", { "aria-label": t("request.present") }, about(request),
    el("p.quiet", {}, meaning), request.canTakeBack && button, trouble);
}

/** Those that are over. */
export function past(requests) {
  const over = requests.filter((request) => !isOpen(request));
  return over.length > 0 && el("section.group", { "aria-labelledby": "requests-past" },
    el("h2", { id: "requests-past" }, t("request.past")), el("ul.cards", {}, over.map((request) => el("li.card", {}, about(request)))));
}

function about(request) {
  return [
    request.kind && el("h3", {}, t(`request.${request.kind}`)),
    el("p", {}, el(`span.pill.${MOODS[request.state] ?? "waiting"}`, {}, request.label)),
    facts(
      [t("request.wish"), request.wish],
      [t("request.requestedAt"), moment(request.requestedAt)],
      [t("request.answerBy"), request.state === "requested" && day(request.acknowledgeBy)],
      [t("request.openCases"), request.state === "deferred" && request.openCases.join(", ")],
      [t("request.waitsUntil"), request.state === "waiting" && moment(request.waitsUntil)],
      [t("request.dueBy"), isOpen(request) && request.state !== "in_force" && day(request.dueBy)],
      [t("request.extension"), request.extensionReason],
      [t("request.reason"), request.reason],
      [t("request.closedAt"), request.closedAt && moment(request.closedAt)],
    ),
  ];
}
