/* Who looked at my data: which office, in which role, when, at what, and why. */

import { el, facts } from "../../shared/dom.js";
import { day, hour, t } from "../../shared/language.js";
import { pagedList } from "../../shared/pane.js";
import { heading } from "./heading.js";

export function accessLog(app) {
  const page = (cursor) => app.api.get(`/v1/me/access-log?limit=20${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
  return {
    get title() { return t("log.title"); },
    load: () => page(),
    render: (first) => [
      ...heading("log"),
      first.items.length ? pagedList(first, days, page) : el("p.nothing", {}, t("log.none")),
    ],
  };
}

function days(items) {
  const byDay = Map.groupBy(items, (item) => day(item.at));
  return [...byDay].map(([name, looks], n) => el("section.group", { "aria-labelledby": `day-${n}` },
    el("h2", { id: `day-${n}` }, name, el("span.count", {}, looks.length)),
    el("ul.cards", {}, looks.map(entry))));
}

function entry(look) {
  const { who } = look;
  return el(who.kind.code === "you" ? "li.card.look.own" : "li.card.look", {},
    el("p.look-top", {}, el("strong", {}, who.office?.label ?? who.kind.label), el("time", { datetime: look.at }, hour(look.at))),
    who.office && el("p.quiet", {}, [who.name, named(who.roles) || who.kind.label].filter(Boolean).join(" · ")),
    el("p.look-act", {}, act(look), look.result !== "ok" && el("span.pill.ended", {}, look.result)),
    facts(
      [t("log.fields"), named(look.fields)],
      [t("log.purpose"), look.purpose?.label],
    ));
}

/** What was done; where it was done to one dossier, the words lead there. */
function act(look) {
  const [kind, id] = look.object.split(":");
  return kind === "dossier" ? el("a", { href: `#/dossiers/${encodeURIComponent(id)}` }, look.action.label) : look.action.label;
}

function named(labelled) { return labelled.map((one) => one.label).join(", "); }
