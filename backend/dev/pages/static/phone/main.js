/* The phone page: which screen, for whom, and what happens when a push comes in. Everything it knows it was told by the public API. */

import "./words.js";
import { Api } from "../shared/api.js";
import { onLanguage } from "../shared/language.js";
import { Pane } from "../shared/pane.js";
import { Problem, wantsFreshSignIn } from "../shared/problems.js";
import { Session } from "../shared/session.js";
import { completed } from "../shared/sign-in.js";
import { account } from "./account.js";
import { showBanner } from "./banner.js";
import { Device } from "./device.js";
import { dossier } from "./dossier.js";
import { dossiers } from "./dossiers.js";
import { Frame } from "./frame.js";
import { obstacle } from "./fresh-sign-in.js";
import { findNotice, inbox, markRead } from "./inbox.js";
import { accessLog } from "./my-data/access-log.js";
import { consents } from "./my-data/consents.js";
import { contacts } from "./my-data/contacts.js";
import { dataRequests } from "./my-data/data-requests.js";
import { erasure } from "./my-data/erasure.js";
import { exportData, forgetExport } from "./my-data/export.js";
import { askAboutPushes } from "./push-consent.js";
import { welcome } from "./welcome.js";

const SCREENS = [
  [/^#\/dossiers\/([\w-]+)$/, "dossiers", dossier],
  [/^#\/inbox$/, "inbox", inbox],
  [/^#\/account\/access-log$/, "account", accessLog],
  [/^#\/account\/consents$/, "account", consents],
  [/^#\/account\/contacts$/, "account", contacts],
  [/^#\/account\/export$/, "account", exportData],
  [/^#\/account\/data-requests$/, "account", dataRequests],
  [/^#\/account\/erasure$/, "account", erasure],
  [/^#\/account$/, "account", account],
  [/.*/, "dossiers", dossiers],
];

class App {
  signInProblem = null;
  #me = null;
  #step = null;

  constructor() {
    this.session = new Session("phone", { provider: "citizen", page: "/phone/" });
    this.api = new Api(this.session, () => this.forget());
    this.device = new Device(this.api, { onPush: (push) => this.pushed(push), onCatchUp: () => this.catchUp() });
    this.frame = new Frame(document.body);
    this.pane = new Pane(this.frame.screen);
  }

  async start() {
    const { problem, doing } = await completed(this.session);
    this.signInProblem = problem;
    // Only who began a step goes on with it: somebody else may have signed in meanwhile.
    const me = doing && await this.me().catch(() => null);
    if (me && me.id === doing.as) this.#step = doing.step;
    addEventListener("hashchange", () => this.show());
    onLanguage(() => this.relabel());
    await this.show({ focus: false });
    if (this.session.signedIn) await extras(this.register(), this.countUnread());
  }

  /** Say where this phone can be reached, and ask whether it may be reached through a service abroad. */
  async register() {
    await askAboutPushes(this, this.frame.bannerPlace);
    try {
      await this.device.start();
    } catch (problem) {
      if (!(problem instanceof Problem && wantsFreshSignIn(problem))) throw problem;
      // Every start registers: it needs no step to go on with.
      this.frame.bannerPlace.replaceChildren(obstacle(this, problem, "register"));
    }
  }

  /** Whether the citizen signed in again for the sake of this step; true once. */
  takesUp(step) {
    const was = this.#step === step;
    if (was) this.#step = null;
    return was;
  }

  /** The screen the address names, or the welcome. */
  async show(how) {
    const [pattern, tab, screen] = SCREENS.find(([shape]) => shape.test(location.hash));
    const view = this.session.signedIn ? screen(this, pattern.exec(location.hash)[1]) : welcome(this);
    this.frame.showTabs(this.session.signedIn, tab);
    document.title = `${view.title} · Một Cửa`;
    await this.pane.show(view, how);
  }

  /** Who is signed in; asked once. */
  async me() { return this.#me ??= await this.api.get("/v1/me"); }

  async countUnread() { this.showUnread((await this.api.get("/v1/inbox?limit=1")).unreadCount); }
  showUnread(count) { this.frame.showUnread(count); }

  /** A push came in: show it, and fetch what it may be about. */
  async pushed(push) {
    showBanner(this.frame.bannerPlace, push, () => this.follow(push));
    await this.catchUp();
  }

  async catchUp() { await extras(this.pane.refresh(), this.countUnread()); }

  /** A tap on the banner: the push carries only an id, so the inbox says where it leads. */
  async follow(push) {
    const notice = await findNotice(this, push.noticeId).catch(() => null);
    location.hash = notice ? notice.link : "/inbox";
    if (notice) await this.read(notice);
  }

  async read(notice) { await extras(markRead(this, notice)); }

  async relabel() {
    this.frame.relabel();
    await this.show({ focus: this.frame.screen.contains(document.activeElement) });
    if (this.session.signedIn) await extras(this.device.tell());
  }

  async signOut() {
    await this.device.stop().catch(() => null);
    await this.session.signOut();
    await this.forget();
  }

  /** The session is over: nothing of this person stays on the screen. */
  async forget() {
    this.#me = this.#step = null;
    forgetExport();
    this.frame.bannerPlace.replaceChildren();
    this.device.hush();
    history.replaceState(null, "", location.pathname);
    await this.show();
  }
}

/** Push and badge are extras: when they fail the screen still works and says itself what is wrong, and the next push tries again. */
async function extras(...attempts) {
  for (const { reason } of await Promise.allSettled(attempts)) {
    if (reason && !(reason instanceof Problem)) throw reason;
  }
}

await new App().start();
