/* A part of the page that shows one view at a time: grey shapes at once, then what was loaded, or what went wrong and a way to retry.
 *
 * A view is `{title, load(), render(loaded)}`. An answer that comes after the reader has gone on is dropped.
 */

import { el } from "./dom.js";
import { t } from "./language.js";
import { Problem, problemCard } from "./problems.js";

export class Pane {
  #visit = 0;
  #view = null;

  constructor(element) { this.element = element; }

  /** Go to a view. The heading gets the focus, so that a screen reader says where one is. */
  async show(view, { focus = true } = {}) {
    this.#view = view;
    this.element.replaceChildren(skeleton());
    this.element.scrollTop = 0;
    await this.#load({ focus });
  }

  /** The same view with fresh data; the reader stays where they are. */
  async refresh() {
    if (this.#view) await this.#load({ focus: this.element.contains(document.activeElement), still: true });
  }

  async #load({ focus, still = false }) {
    const visit = ++this.#visit, view = this.#view;
    this.element.setAttribute("aria-busy", "true");
    let content;
    try {
      const loaded = await view.load();
      if (visit !== this.#visit) return;
      content = view.render(loaded);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (visit !== this.#visit) return;
      content = problemCard(problem, () => this.show(view));
    }
    this.element.removeAttribute("aria-busy");
    // Fresh data can wait for whoever is typing or reading on top: what is typed cannot be fetched again.
    if (still && isInHand(this.element)) return;
    const { scrollTop } = this.element;
    this.element.replaceChildren(...[content].flat().filter(Boolean));
    if (still) this.element.scrollTop = scrollTop;
    if (focus) this.element.querySelector("h1, h2")?.focus({ preventScroll: still });
  }
}

function isInHand(element) {
  if (document.querySelector("dialog[open]")) return true;
  const fields = [...element.querySelectorAll("input, textarea")];
  return fields.some((field) => field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
}

function skeleton() {
  return el("div.skeleton", { role: "status" }, el("span.unseen", {}, t("loading")), ["a", "b", "b", "b"].map((shape) => el(`div.${shape}`)));
}

/** A list that grows page by page: `draw(items)` shows what is there, `next(cursor)` fetches more. */
export function pagedList(first, draw, next) {
  const place = el("div.paged");
  let { items, nextCursor } = first;
  const show = (problem) => {
    const more = nextCursor && el("button.quiet-button.more", { type: "button", onclick: grow }, t("more"));
    place.replaceChildren(...[draw(items)].flat(), ...[problem && problemCard(problem, grow), !problem && more].filter(Boolean));
  };
  const grow = async () => {
    try {
      const page = await next(nextCursor);
      items = [...items, ...page.items];
      nextCursor = page.nextCursor;
      show();
    } catch (problem) {
      show(problem);
    }
  };
  show();
  return place;
}
