/* Finding a dossier: words or a code, a status, and the list of what fits. */

import { dueNote, pill } from "../shared/dossier-parts.js";
import { el } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { t } from "../shared/language.js";
import { pagedList } from "../shared/pane.js";
import { STATUSES } from "./words.js";

const TYPING_MS = 250;

/** The form; `onSearch({q, status})` is called while one types, but not at every key. */
export function searchForm(wanted, onSearch) {
  let waiting;
  const words = el("input", { type: "search", id: "q", value: wanted.q, maxlength: 200, autocomplete: "off" });
  const status = el("select", { id: "status" }, el("option", { value: "" }, t("search.all")),
    STATUSES.map((name) => el("option", { value: name, selected: wanted.status === name }, t(`status.${name}`))));
  const search = () => {
    clearTimeout(waiting);
    onSearch({ q: words.value.trim(), status: status.value });
  };
  words.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, TYPING_MS);
  });
  status.addEventListener("change", search);
  return el("form.search", { role: "search", onsubmit: (event) => { event.preventDefault(); search(); } },
    el("label", { for: "q" }, t("search.label")),
    el("div.search-words", {}, icon("search"), words),
    el("label.unseen", { for: "status" }, t("search.status")), status);
}

/** What fits. */
export function found(app, wanted) {
  const page = (cursor) => {
    const query = new URLSearchParams({ limit: 25 });
    for (const [name, value] of Object.entries({ ...wanted, cursor })) if (value) query.set(name, value);
    return app.api.get(`/v1/staff/dossiers?${query}`);
  };
  return {
    load: () => page(),
    render: (first) => first.items.length ? pagedList(first, (items) => el("ul", {}, items.map((dossier) => el("li", {}, row(app, dossier)))), page)
      : el("p.nothing", {}, t("search.none")),
  };
}

function row(app, dossier) {
  return el("a.row", { href: `#/dossiers/${dossier.id}`, "data-id": dossier.id, "aria-current": String(app.openId === dossier.id) },
    el("span.card-top", {}, pill(dossier.status), dueNote(dossier)),
    el("strong", {}, dossier.applicantName || dossier.code),
    el("span.row-title", {}, dossier.procedureName),
    el("span.quiet", {}, dossier.code));
}
