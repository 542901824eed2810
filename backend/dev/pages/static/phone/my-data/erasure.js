/* Asking to be erased: what it means before one asks, where it stands afterwards, and the way back while there is one. */

import { ask } from "../../shared/ask.js";
import { el, facts } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { day, moment, t } from "../../shared/language.js";
import { Problem, problemCard } from "../../shared/problems.js";
import { lastProblem } from "../../shared/sign-in.js";
import { obstacle } from "../fresh-sign-in.js";
import { heading } from "./heading.js";

const REQUESTS = "/v1/me/erasure-requests";
const MOODS = { erasing: "ended", refused: "ended", done: "done", taken_back: "done" };

export function erasure(app) {
  return {
    get title() { return t("erasure.title"); },
    load: async () => {
      // Understood and sent before the sign-in: it only goes on.
      if (app.takesUp("erasure.send")) await app.api.post(REQUESTS);
      return app.api.get(REQUESTS);
    },
    render: ({ items }) => {
      const open = items.find(isOpen), past = items.filter((request) => !isOpen(request));
      return [
        ...heading("erasure"),
        lastProblem(app.signInProblem),
        open ? standing(app, open) : explained(app),
        past.length > 0 && el("section.group", { "aria-labelledby": "erasure-past" },
          el("h2", { id: "erasure-past" }, t("erasure.past")), el("ul.cards", {}, past.map((request) => el("li.card", {}, about(request))))),
      ];
    },
  };
}

function isOpen(request) { return !request.closedAt; }

function explained(app) {
  return el("section.card", {}, meaning(),
    el("button.quiet-button.grave", { type: "button", onclick: () => confirm(app) }, icon("erase"), t("erasure.ask")));
}

/** What goes, what stays, and until when it can be taken back. */
function meaning() {
  return el("ul.meaning", {}, ["erasure.goes", "erasure.stays", "erasure.waits"].map((key) => el("li", {}, t(key))));
}

function confirm(app) {
  const understood = el("input", { type: "checkbox", id: "understood", required: true });
  const fields = [meaning(), el("label.tick", { for: "understood" }, understood, t("erasure.understood"))];
  ask(t("erasure.sure"), fields, () => app.api.post(REQUESTS), {
    button: t("erasure.send"),
    done: () => app.show(),
    refused: (problem) => obstacle(app, problem, "erasure.send"),
  });
}

function standing(app, request) {
  const trouble = el("div");
  const takeBack = async () => {
    button.disabled = true;
    try {
      await app.api.delete(`${REQUESTS}/${encodeURIComponent(request.id)}`);
      await app.show();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      trouble.replaceChildren(problemCard(problem, () => app.show()));
      button.disabled = false;
    }
  };
  const button = el("button.primary", { type: "button", onclick: takeBack }, t("erasure.takeBack"));
  return el("section.card.request", { "aria-label": t("erasure.present") }, about(request),
    el("p.quiet", {}, t(request.canTakeBack ? "erasure.reversible" : "erasure.final")), request.canTakeBack && button, trouble);
}

function about(request) {
  return [
    el("p", {}, el(`span.pill.${MOODS[request.state] ?? "waiting"}`, {}, request.label)),
    facts(
      [t("erasure.requestedAt"), moment(request.requestedAt)],
      [t("erasure.answerBy"), request.state === "requested" && day(request.acknowledgeBy)],
      [t("erasure.openCases"), request.state === "deferred" && request.openCases.join(", ")],
      [t("erasure.waitsUntil"), request.state === "waiting" && moment(request.waitsUntil)],
      [t("erasure.dueBy"), isOpen(request) && day(request.dueBy)],
      [t("erasure.extension"), request.extensionReason],
      [t("erasure.reason"), request.reason],
      [t("erasure.closedAt"), request.closedAt && moment(request.closedAt)],
    ),
  ];
}
