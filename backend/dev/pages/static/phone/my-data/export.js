/* Everything the house holds about me, as one archive: asked for, made, taken once.
 *
 * The API tells of an archive by its id alone, so the id is kept until the person is gone from this page.
 */

import { el } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { moment, t } from "../../shared/language.js";
import { Problem, unreachable } from "../../shared/problems.js";
import { lastProblem } from "../../shared/sign-in.js";
import { obstacle } from "../fresh-sign-in.js";
import { heading } from "./heading.js";

const KEPT_AS = "phone.export";
const LOOK_AGAIN_MS = 1_500;
const IN_THE_MAKING = ["queued", "building"];

export function exportData(app) {
  return {
    get title() { return t("export.title"); },
    load: () => known(app),
    render: (found) => [
      ...heading("export"),
      lastProblem(app.signInProblem),
      new ExportCard(app, found).element,
    ],
  };
}

export function forgetExport() { sessionStorage.removeItem(KEPT_AS); }

/** The archive this page asked for, or null; one that is somebody else's or gone is forgotten. */
async function known(app) {
  const id = sessionStorage.getItem(KEPT_AS);
  if (!id) return null;
  try {
    return await look(app, id);
  } catch (problem) {
    if (problem.code !== "export_not_found") throw problem;
    forgetExport();
    return null;
  }
}

function look(app, id) { return app.api.get(`/v1/me/exports/${encodeURIComponent(id)}`); }

class ExportCard {
  #app;
  #place = el("div", { role: "status" });
  #trouble = el("div");
  #saved = null;

  constructor(app, found) {
    this.#app = app;
    this.element = el("section.card.archive", { "aria-label": t("export.title") }, this.#place, this.#trouble);
    this.#show(found);
    if (app.takesUp("export.ask")) this.#attempt(() => this.#ask(), "export.ask");
    if (found?.state === "ready" && app.takesUp("export.take")) this.#attempt(() => this.#take(found), "export.take");
  }

  #show(found) {
    const state = found?.state;
    if (IN_THE_MAKING.includes(state)) {
      this.#say(t("export.making"));
      setTimeout(() => this.#place.isConnected && this.#attempt(() => look(this.#app, found.id)), LOOK_AGAIN_MS);
    } else if (state === "ready") {
      this.#say(t("export.ready", { until: moment(found.expiresAt) }), this.#button("export.take", "export.take", () => this.#take(found), "primary"));
    } else {
      const ended = { taken: "export.taken", expired: "export.expired", failed: "export.failed" }[state];
      const [style, words] = ended ? ["quiet-button", "export.again"] : ["primary", "export.ask"];
      this.#say(ended && t(ended, { at: found.takenAt && moment(found.takenAt) }), this.#saved, this.#button(words, "export.ask", () => this.#ask(), style));
    }
  }

  #say(sentence, ...more) { this.#place.replaceChildren(...[sentence && el("p", {}, sentence), ...more].filter(Boolean)); }

  #button(words, step, act, style) {
    const press = () => {
      button.disabled = true;
      return this.#attempt(act, step).finally(() => { button.disabled = false; });
    };
    const button = el(`button.${style}`, { type: "button", onclick: press }, t(words));
    return button;
  }

  async #ask() {
    const found = await this.#app.api.post("/v1/me/exports");
    sessionStorage.setItem(KEPT_AS, found.id);
    return found;
  }

  /** Take it. It can be taken once, so it stays on the page as a link, should the browser not have kept it. */
  async #take(found) {
    const response = await this.#app.api.send("GET", found.href);
    const name = decodeURIComponent(response.headers.get("content-disposition").split("''")[1]);
    const bytes = await response.arrayBuffer().catch((error) => { throw unreachable(error); });
    const href = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }));
    addEventListener("hashchange", () => URL.revokeObjectURL(href), { once: true });
    this.#saved = el("a.quiet-button", { href, download: name }, icon("download"), name);
    this.#saved.click();
    return { ...found, state: "taken", takenAt: new Date().toISOString() };
  }

  /** Do it and show what has become of the archive, or what is in the way of this `step`. */
  async #attempt(act, step) {
    this.#trouble.replaceChildren();
    try {
      this.#show(await act());
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.#trouble.replaceChildren(obstacle(this.#app, problem, step, () => this.#attempt(act, step)));
    }
  }
}
