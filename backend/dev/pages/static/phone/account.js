/* Who I am here, and this device. */

import { el, facts } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { switchLanguage, t } from "../shared/language.js";
import { myData } from "./my-data/menu.js";

export function account(app) {
  return {
    get title() { return t("account.title"); },
    load: () => app.me(),
    render: (me) => [
      el("h1", { tabindex: "-1" }, t("account.title")),
      el("section.card.who", {}, el("span.face", {}, icon("person")),
        el("div", {}, el("strong", {}, me.name), me.assurance && el("p.quiet", {}, t("account.level", { level: me.assurance })))),
      myData(),
      el("section.card", {}, el("h2", {}, t("account.device")),
        el("p", {}, t(app.device.connected ? "account.deviceOn" : "account.deviceOff")),
        app.device.ids && facts([t("account.fid"), el("span.code", {}, app.device.ids.fid)])),
      el("section.card", {}, el("h2", {}, t("account.language")),
        el("button.quiet-button", { type: "button", onclick: switchLanguage }, t("otherLanguage"))),
      el("button.quiet-button.leave", { type: "button", onclick: () => app.signOut() }, t("signOut")),
    ],
  };
}
