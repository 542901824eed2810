/* My dossiers: first results that are ready, then what waits for me, then what is under way, then the rest. */

import { dueNote, isOver, isReady, needsCitizen, pill, way } from "../shared/dossier-parts.js";
import { el } from "../shared/dom.js";
import { shortDay, t } from "../shared/language.js";
import { pagedList } from "../shared/pane.js";

export function dossiers(app) {
  const page = (cursor) => app.api.get(`/v1/dossiers?limit=20${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
  return {
    get title() { return t("dossiers.title"); },
    load: () => Promise.all([app.me(), page()]),
    render: ([me, first]) => [
      el("p.hello", {}, t("dossiers.hello", { name: me.name })),
      el("h1", { tabindex: "-1" }, t("dossiers.title")),
      first.items.length ? pagedList(first, groups, page) : el("p.nothing", {}, t("dossiers.none")),
    ],
  };
}

function groups(items) {
  const sorted = { ready: [], yours: [], running: [], over: [] };
  for (const dossier of items) sorted[groupOf(dossier)].push(dossier);
  return Object.entries(sorted).map(([name, members]) => group(`dossiers.${name}`, members)).filter(Boolean);
}

function groupOf(dossier) {
  if (isReady(dossier)) return "ready";
  if (needsCitizen(dossier)) return "yours";
  return isOver(dossier) ? "over" : "running";
}

function group(key, items) {
  return items.length > 0 && el("section.group", { "aria-labelledby": key },
    el("h2", { id: key }, t(key), el("span.count", {}, items.length)),
    el("ul.cards", {}, items.map((dossier) => el("li", {}, card(dossier)))));
}

function card(dossier) {
  return el("a.card.dossier-card", { href: `#/dossiers/${dossier.id}` },
    el("span.card-top", {}, pill(dossier.status), dueNote(dossier)),
    el("strong.card-title", {}, dossier.procedureName),
    way(dossier.status),
    el("span.card-foot", {}, el("span", {}, dossier.code), when(dossier)));
}

/** When it is due; once there is nothing to wait for, when it last changed. */
function when(dossier) {
  const [key, at] = dossier.dueAt && !isOver(dossier) ? ["card.due", dossier.dueAt] : ["card.changed", dossier.statusAt];
  return el("time", { datetime: at }, t(key, { day: shortDay(at) }));
}
