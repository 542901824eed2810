/* One dossier on the desk: what it is, the steps that are mine, its result, its timeline. */

import { dueNote, pill, timeline, way } from "../shared/dossier-parts.js";
import { el, facts } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { day, moment, t } from "../shared/language.js";
import { resultCard } from "../shared/result.js";
import { askReason, publish } from "./steps.js";

export function dossier(app, id) {
  const path = `/v1/staff/dossiers/${encodeURIComponent(id)}`;
  return {
    load: () => app.api.get(path),
    render: (found) => [
      el("a.back", { href: "#" }, icon("back"), t("list.title")),
      el("header.dossier-head", {},
        el("p.card-top", {}, pill(found.status), dueNote(found)),
        el("h1", { tabindex: "-1" }, found.procedureName),
        el("p.quiet", {}, `${found.applicantName} · `, el("span.code", {}, found.code)),
        way(found.status)),
      steps(app, path, found),
      found.result && resultCard(app.api, found.result),
      el("div.columns", {},
        el("section.card", {}, el("h2", {}, t("dossier.timeline")), timeline(found.timeline)),
        el("section.card", {}, el("h2", {}, t("dossier.facts")), details(found))),
    ],
  };
}

function steps(app, path, found) {
  return el("section.steps", { "aria-label": t("dossier.steps") },
    found.allowedActions.length ? found.allowedActions.map((action) => button(app, path, found, action)) : el("p.quiet", {}, t("dossier.noSteps")));
}

function button(app, path, found, action) {
  const take = async (reason) => {
    await app.api.post(`${path}/transitions`, { action: action.name, ...(reason && { reason }) });
    await app.stepTaken(action.label);
  };
  const press = {
    publish_result: () => publish(found, action, async (file) => {
      const body = new FormData();
      body.append("data", file, file.name);
      await app.api.send("POST", `${path}/result`, { body });
      await app.stepTaken(action.label);
    }),
  }[action.name] ?? (() => askReason(action, take));
  return el(action.name === "publish_result" ? "button.primary" : "button.quiet-button", { type: "button", onclick: press }, action.label);
}

function details(found) {
  return facts(
    [t("dossier.applicant"), found.applicantName],
    [t("dossier.code"), el("span.code", {}, found.code)],
    [t("dossier.received"), found.receivingAgency.name],
    [t("dossier.decided"), found.decidingAgency.name],
    [t("dossier.accepted"), found.acceptedAt && moment(found.acceptedAt)],
    [t("dossier.due"), found.dueAt && day(found.dueAt)],
    [t("dossier.finished"), found.finishedAt && moment(found.finishedAt)],
  );
}
