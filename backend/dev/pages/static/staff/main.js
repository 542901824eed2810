/* The staff page: a list to find in, a dossier to work on. Like the phone page it is nothing but a client of the public API. */

import "./words.js";
import { Api } from "../shared/api.js";
import { el } from "../shared/dom.js";
import { lotus } from "../shared/icons.js";
import { onLanguage, switchLanguage, t } from "../shared/language.js";
import { Pane } from "../shared/pane.js";
import { Session } from "../shared/session.js";
import { completed, lastProblem, signInButton } from "../shared/sign-in.js";
import { dossier } from "./dossier.js";
import { found, searchForm } from "./search.js";

const DOSSIER = /^#\/dossiers\/([\w-]+)$/;

class Desk {
  signInProblem = null;
  wanted = { q: "", status: "" };

  constructor() {
    this.session = new Session("staff", { provider: "staff", page: "/staff/" });
    this.api = new Api(this.session, () => this.draw());
    this.said = el("p.said", { role: "status" });
  }

  async start() {
    this.signInProblem = (await completed(this.session)).problem;
    addEventListener("hashchange", () => this.open());
    onLanguage(() => this.draw());
    this.draw();
  }

  get openId() { return DOSSIER.exec(location.hash)?.[1] ?? null; }

  /** The whole page anew: after signing in or out, and in another language. */
  draw() {
    document.title = `${t("staff.title")} · Một Cửa`;
    if (!this.session.signedIn) {
      document.body.replaceChildren(this.#bar(), this.#welcome());
      return;
    }
    const list = el("div.found"), work = el("main.work");
    this.list = new Pane(list);
    this.work = new Pane(work);
    const search = (wanted) => {
      this.wanted = wanted;
      this.list.show(found(this, wanted), { focus: false });
    };
    document.body.replaceChildren(this.#bar(), this.said,
      el("div.desk", {}, el("section.finding", { "aria-label": t("list.title") }, searchForm(this.wanted, search), list), work));
    search(this.wanted);
    this.open({ focus: false });
  }

  /** The dossier the address names. */
  async open({ focus = true } = {}) {
    this.said.textContent = "";
    const id = this.openId;
    document.body.classList.toggle("dossier-open", id !== null);
    for (const row of document.querySelectorAll(".row")) row.setAttribute("aria-current", String(row.dataset.id === id));
    const nothing = { load: async () => {}, render: () => el("p.nothing", {}, lotus(), t("choose")) };
    await this.work.show(id ? dossier(this, id) : nothing, { focus });
  }

  /** A step went through: say so, show what became of it. */
  async stepTaken(step) {
    this.said.textContent = t("step.done", { step });
    await Promise.all([this.work.refresh(), this.list.refresh()]);
  }

  #bar() {
    const name = el("span.bar-name");
    if (this.session.signedIn) this.api.get("/v1/me").then((me) => { name.textContent = me.name; }, () => null);
    return el("header.bar", {},
      el("p.brand", {}, lotus(), el("span", {}, "Một Cửa", el("small", {}, t("staff.place")))), name,
      el("button.bar-language", { type: "button", "aria-label": t("otherLanguage"), onclick: switchLanguage }, document.documentElement.lang === "vi" ? "EN" : "VI"),
      this.session.signedIn && el("button.quiet-button", { type: "button", onclick: () => this.#leave() }, t("signOut")));
  }

  async #leave() {
    await this.session.signOut();
    this.draw();
  }

  #welcome() {
    return el("main.welcome", {}, el("section.card", {}, lotus(),
      el("h1", {}, t("welcome.title")), el("p", {}, t("welcome.text")),
      lastProblem(this.signInProblem), signInButton(this.session, t("welcome.signIn")),
      el("p.quiet", {}, t("welcome.note"))));
  }
}

await new Desk().start();
