/* One dossier: where it stands, what is wanted of me, the result, and everything that happened. */

import { dueNote, isReady, needsCitizen, pill, timeline, way } from "../shared/dossier-parts.js";
import { el, facts } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { day, knows, moment, t } from "../shared/language.js";
import { resultCard } from "../shared/result.js";
import { rating } from "./rating.js";

export function dossier(app, id) {
  return {
    get title() { return t("tab.dossiers"); },
    load: () => app.api.get(`/v1/dossiers/${encodeURIComponent(id)}`),
    render: (found) => [
      el("a.back", { href: "#/dossiers" }, icon("back"), t("dossiers.title")),
      el("h1.dossier-title", { tabindex: "-1" }, found.procedureName),
      standing(found),
      needsCitizen(found) && wanted(found),
      found.result && resultCard(app.api, found.result),
      isReady(found) && !found.result && collect(found),
      found.mayRate && rating(app, found),
      el("section.card", {}, el("h2", {}, t("dossier.timeline")), timeline(found.timeline)),
      el("section.card", {}, el("h2", {}, t("dossier.facts")), details(found)),
      found.allowedActions.length > 0 && actions(found.allowedActions),
    ],
  };
}

function standing(found) {
  return el("section.card.standing", {},
    el("p.card-top", {}, pill(found.status), dueNote(found)),
    way(found.status),
    found.dueAt && el("p.standing-due", {}, el("span.quiet", {}, t("dossier.due")), el("strong", {}, day(found.dueAt))));
}

/** What the agency asked for: the note of the latest step. */
function wanted(found) {
  const note = found.timeline.at(-1)?.note;
  return el("section.card.wanted", {}, el("h2", {}, icon("warning"), t("dossier.needsYou")), note && el("p", {}, note));
}

/** A result that exists on paper only. */
function collect(found) {
  return el("section.card.result", {}, el("h2", {}, icon("file"), t("result.ready")),
    el("p", {}, t("dossier.collect", { agency: found.receivingAgency.name })));
}

function details(found) {
  const channel = `channel.${found.submitChannel}`;
  return facts(
    [t("dossier.code"), el("span.code", {}, found.code)],
    [t("dossier.received"), found.receivingAgency.name],
    [t("dossier.decided"), found.decidingAgency.name],
    [t("dossier.channel"), knows(channel) ? t(channel) : found.submitChannel],
    [t("dossier.accepted"), found.acceptedAt && moment(found.acceptedAt)],
    [t("dossier.finished"), found.finishedAt && moment(found.finishedAt)],
  );
}

/** Shown, not offered: the API tells a citizen's steps, and takes them from a later version on. */
function actions(allowed) {
  return el("section.card", {}, el("h2", {}, t("dossier.actions")),
    el("ul.plain", {}, allowed.map((action) => el("li", {}, t("dossier.atDesk", { action: action.label })))));
}
