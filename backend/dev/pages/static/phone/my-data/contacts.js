/* Where I am reached when no push comes: an address is typed, the code that came there is said, and only then it counts. */

import { el } from "../../shared/dom.js";
import { moment, t } from "../../shared/language.js";
import { Problem, problemCard, wantsFreshSignIn } from "../../shared/problems.js";
import { obstacle } from "../fresh-sign-in.js";
import { heading } from "./heading.js";

const CONTACTS = "/v1/me/contacts";
const KINDS = { email: { type: "email", autocomplete: "email" }, phone: { type: "tel", autocomplete: "tel" } };

export function contacts(app) {
  return {
    get title() { return t("contacts.title"); },
    load: () => {
      // Signed in again to change one: the screen is where to go on.
      app.takesUp("contacts");
      return app.api.get(CONTACTS);
    },
    render: ({ items }) => [
      ...heading("contacts"),
      el("ul.cards", {}, Object.keys(KINDS).map((kind) =>
        el("li", {}, card(app, kind, items.find((item) => item.kind === kind) ?? {})))),
      el("p", {}, el("a", { href: "#/account/consents" }, t("contacts.consents"))),
    ],
  };
}

function card(app, kind, { address, confirmedAt, pending, unreachable }) {
  const name = `contact-${kind}`, trouble = el("div", { "aria-live": "polite" });
  const act = async (step) => {
    trouble.replaceChildren();
    try {
      await step();
      await app.show({ focus: false });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      trouble.replaceChildren(wantsFreshSignIn(problem) ? obstacle(app, problem, "contacts") : problemCard(problem));
    }
  };
  const place = `${CONTACTS}/${kind}`;
  return el("section.card.contact", { "aria-labelledby": name },
    el("h2", { id: name }, t(`contacts.${kind}`)),
    address && el("p", {}, el("strong", {}, address), " ", el("span.quiet", {}, t("contacts.counts", { at: moment(confirmedAt) }))),
    unreachable && el("p", {}, t("contacts.unreachable")),
    pending && form(`${kind}-code`, t("contacts.code", { address: pending }), t("contacts.confirm"),
      { inputmode: "numeric", autocomplete: "one-time-code", pattern: "[0-9]{6}" },
      (code) => act(() => app.api.post(`${place}/confirmation`, { code }))),
    form(`${kind}-address`, t(`contacts.${address ? "another" : "enter"}`), t("contacts.send"), KINDS[kind],
      (value) => act(() => app.api.put(place, { address: value }))),
    (address || pending) && el("button.quiet-button", { type: "button", onclick: () => act(() => app.api.delete(place)) }, t("contacts.remove")),
    trouble);
}

function form(id, label, button, attributes, go) {
  const input = el("input", { id, name: id, required: true, ...attributes });
  const submit = (event) => {
    event.preventDefault();
    return go(input.value);
  };
  return el("form", { onsubmit: submit }, el("label", { for: id }, label), input, el("button.quiet-button", { type: "submit" }, button));
}
