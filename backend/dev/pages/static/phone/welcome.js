/* The first screen, before anybody is signed in. */

import { el } from "../shared/dom.js";
import { t } from "../shared/language.js";
import { lastProblem, signInButton } from "../shared/sign-in.js";
import { scene } from "./scene.js";

export function welcome(app) {
  return {
    get title() { return t("app"); },
    load: async () => {},
    render: () => el("div.welcome", {},
      scene(),
      el("div.welcome-words", {},
        el("h1", { tabindex: "-1" }, t("welcome.title")),
        el("p", {}, t("welcome.text")),
        lastProblem(app.signInProblem),
        signInButton(app.session, t("welcome.signIn")),
        el("p.quiet", {}, t("welcome.note")))),
  };
}
