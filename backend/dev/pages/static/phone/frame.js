/* The phone and what stands around it: bar, screen, tabs, the place where a push drops in; beside it, on a wide window, who it is. */

import { el } from "../shared/dom.js";
import { icon, lotus } from "../shared/icons.js";
import { switchLanguage, t } from "../shared/language.js";
import { world } from "../shared/world.js";
import { developerButton, developerPanel } from "./developer.js";

const TABS = [["dossiers", "dossier"], ["inbox", "inbox"], ["account", "person"]];

export class Frame {
  #bar;
  #tabs;
  #about;
  #developer;
  #unread = 0;

  constructor(body) {
    this.bannerPlace = el("div.banner-place", { role: "status" });
    this.screen = el("main.screen");
    this.#bar = el("header.bar");
    this.#tabs = el("nav.tabs", { hidden: true });
    this.#about = el("div.about");
    this.#developer = developerPanel();
    this.phone = el("div.phone", {}, this.bannerPlace, this.#bar, this.screen, this.#tabs);
    body.replaceChildren(this.#about, this.phone, this.#developer);
    this.relabel();
  }

  /** Write every fixed word in the present language. */
  relabel() {
    const hadFocus = this.#bar.contains(document.activeElement);
    this.#bar.replaceChildren(
      el("p.brand", {}, lotus(), el("span", {}, t("app"), el("small", {}, t("place")))),
      el("button.bar-language", { type: "button", onclick: switchLanguage, "aria-label": t("otherLanguage") }, document.documentElement.lang === "vi" ? "EN" : "VI"),
      developerButton(this.#developer));
    this.#about.replaceChildren(lotus(), el("p.about-title", {}, t("app")), el("p", {}, t("about.text")),
      el("ul.plain", {}, [[world.console, "about.staff"], [world.docs, "about.docs"], [world.fcm, "about.fcm"]].map(([href, key]) =>
        el("li", {}, el("a", { href, target: "_blank", rel: "noopener" }, t(key), icon("next"))))));
    this.#drawTabs();
    if (hadFocus) this.#bar.querySelector(".bar-language").focus();
  }

  /** The tabs are there for who is signed in; the one we are on is marked. */
  showTabs(shown, here) {
    this.#tabs.hidden = !shown;
    this.here = here;
    this.#drawTabs();
  }

  showUnread(count) {
    this.#unread = count;
    this.#drawTabs();
  }

  #drawTabs() {
    const focused = this.#tabs.contains(document.activeElement) && document.activeElement.getAttribute("href");
    this.#tabs.setAttribute("aria-label", t("app"));
    this.#tabs.replaceChildren(...TABS.map(([name, picture]) =>
      el("a", { href: `#/${name}`, "aria-current": this.here === name && "page" }, icon(picture), t(`tab.${name}`), name === "inbox" && this.#badge())));
    if (focused) this.#tabs.querySelector(`[href="${focused}"]`)?.focus();
  }

  #badge() {
    if (!this.#unread) return null;
    const count = this.#unread > 99 ? "99+" : this.#unread;
    return el("span.badge", {}, el("span", { "aria-hidden": "true" }, count), el("span.unseen", {}, t("inbox.count", { count })));
  }
}
