/* Having something put right, having processing restricted, objecting to a purpose: asked here, and followed until it is answered. */

import { ask } from "../../shared/ask.js";
import { el } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { t } from "../../shared/language.js";
import { heading } from "./heading.js";
import { isOpen, past, standing } from "./requests.js";

const REQUESTS = "/v1/me/data-requests";
const KINDS = ["rectification", "restriction", "objection"];

export function dataRequests(app) {
  return {
    get title() { return t("requests.title"); },
    load: async () => {
      const [asked, purposes] = await Promise.all([app.api.get(REQUESTS), app.api.get("/v1/me/consents")]);
      return { items: asked.items, purposes: purposes.items };
    },
    render: ({ items, purposes }) => {
      const open = items.filter(isOpen);
      // One of a kind is open at a time: another would only be answered with it.
      const free = KINDS.filter((kind) => !open.some((request) => request.kind === kind));
      return [
        ...heading("requests"),
        open.map((request) => standing(app, REQUESTS, request, t(`requests.${request.state === "in_force" ? "inForce" : "reversible"}`))),
        free.map((kind) => offered(app, kind, purposes)),
        past(items),
      ].flat();
    },
  };
}

function offered(app, kind, purposes) {
  return el("section.card", {},
    el("h2", {}, t(`request.${kind}`)), el("p", {}, t(`requests.${kind}`)),
    el("button.quiet-button", { type: "button", onclick: () => begin(app, kind, purposes) }, icon("rights"), t(`requests.ask.${kind}`)));
}

function begin(app, kind, purposes) {
  const wish = el("textarea", { id: "wish", rows: 4, required: true, maxlength: 4000 });
  const purpose = kind === "objection" && which(purposes);
  const fields = [
    purpose && el("label.field", { for: "purpose" }, t("requests.purpose"), purpose),
    el("label.field", { for: "wish" }, t("requests.wish"), wish),
  ].filter(Boolean);
  const asked = () => ({ kind, wish: wish.value, ...(purpose && { purpose: purpose.value }) });
  ask(t(`request.${kind}`), fields, () => app.api.post(REQUESTS, asked()), { button: t("requests.send"), done: () => app.show() });
}

/** What rests on a consent is withdrawn and not objected to: that works at once. */
function which(purposes) {
  const duties = purposes.filter((item) => item.basis !== "consent");
  return el("select", { id: "purpose", required: true }, duties.map((item) => el("option", { value: item.purpose }, item.title)));
}
