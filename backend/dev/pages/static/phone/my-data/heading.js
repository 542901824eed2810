/* How every screen of "my data" begins: the way back, what this is, and in a sentence what it is for. */

import { el } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { t } from "../../shared/language.js";

/** `name` is the screen's part of the words: `log`, `consents`, `export`, `requests`, `erasure`. */
export function heading(name) {
  return [
    el("a.back", { href: "#/account" }, icon("back"), t("account.title")),
    el("h1", { tabindex: "-1" }, t(`${name}.title`)),
    el("p.lead", {}, t(`${name}.lead`)),
  ];
}
