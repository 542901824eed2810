/* How a dossier looks, wherever it is shown: its status, the way it has gone, when it is due. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { daysUntil, moment, t } from "./language.js";

// The stations every dossier passes; a status that waits or ends early stays at the station where it happened.
const STATIONS = ["registered", "accepted", "processing", "finished", "returned"];
const PLACE = { not_accepted: 0, awaiting_papers: 2, awaiting_payment: 2, withdrawal_requested: 2, stopped: 2 };
const MOODS = {
  registered: "calm", accepted: "calm", processing: "calm", awaiting_papers: "waiting", awaiting_payment: "waiting",
  withdrawal_requested: "waiting", not_accepted: "ended", stopped: "ended", finished: "ready", returned: "done",
};

/** What a status means for its reader. An unknown one is "in process": the contract says more may come. */
export function mood(status) { return MOODS[status.name] ?? "calm"; }

export function needsCitizen(dossier) { return ["awaiting_papers", "awaiting_payment"].includes(dossier.status.name); }
export function isReady(dossier) { return dossier.status.name === "finished"; }
export function isOver(dossier) { return dossier.status.clock === "stopped"; }

export function pill(status) {
  return el(`span.pill.${mood(status)}`, {}, status.label);
}

/** Five marks, filled up to where the dossier is. The words say the same, so it is hidden from readers of text. */
export function way(status) {
  const station = STATIONS.indexOf(status.name);
  const reached = station >= 0 ? station : PLACE[status.name] ?? 2;
  return el(`div.way.${mood(status)}`, { "aria-hidden": "true" }, STATIONS.map((_, n) => el(n <= reached ? "i.reached" : "i")));
}

/** "Còn 3 ngày", "Quá hạn 12 ngày", or null where no clock is running. */
export function dueNote(dossier) {
  if (!dossier.dueAt || isOver(dossier)) return null;
  const days = daysUntil(dossier.dueAt);
  if (dossier.overdue) return due("span.due.late", days < 0 ? t("overdue", { days: -days }) : t("dueToday"));
  // A paused clock may stand behind its old date: then there is nothing to count.
  return days < 0 ? null : due("span.due", days > 0 ? t("dueIn", { days }) : t("dueToday"));
}

function due(name, words) { return el(name, {}, icon("clock"), words); }

/** The timeline, newest first. */
export function timeline(entries) {
  return el("ol.timeline", {}, entries.toReversed().map((entry, n) =>
    el(`li.${mood(entry.status)}`, n === 0 ? { "aria-current": "step" } : {},
      el("p.timeline-status", {}, entry.status.label),
      el("p.timeline-when", {}, el("time", { datetime: entry.at }, moment(entry.at)), entry.agency && ` · ${entry.agency.name}`),
      entry.note && el("p.timeline-note", {}, entry.note),
      entry.irregular && el("p.timeline-irregular", {}, t("irregular")))));
}

