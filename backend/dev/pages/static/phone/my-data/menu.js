/* "My data" on the account screen: what one can see, decide and do here. */

import "./words.js";
import { el } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { t } from "../../shared/language.js";

const RIGHTS = [
  ["access-log", "log", "eye"], ["consents", "consents", "choice"], ["contacts", "contacts", "mail"], ["export", "export", "download"],
  ["data-requests", "requests", "rights"], ["erasure", "erasure", "erase"],
];

export function myData() {
  return el("section.card", { "aria-labelledby": "my-data" },
    el("h2", { id: "my-data" }, t("data.title")),
    el("ul.rights", {}, RIGHTS.map(([address, name, picture]) => el("li", {},
      el("a", { href: `#/account/${address}` }, icon(picture),
        el("span", {}, el("strong", {}, t(`${name}.title`)), el("small", {}, t(`${name}.hint`))), icon("next"))))));
}
