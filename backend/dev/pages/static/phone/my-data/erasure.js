/* Asking to be erased: what it means before one asks, where it stands afterwards, and the way back while there is one. */

import { ask } from "../../shared/ask.js";
import { el } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { t } from "../../shared/language.js";
import { lastProblem } from "../../shared/sign-in.js";
import { obstacle } from "../fresh-sign-in.js";
import { heading } from "./heading.js";
import { isOpen, past, standing } from "./requests.js";

const REQUESTS = "/v1/me/erasure-requests";

export function erasure(app) {
  return {
    get title() { return t("erasure.title"); },
    load: async () => {
      // Understood and sent before the sign-in: it only goes on.
      if (app.takesUp("erasure.send")) await app.api.post(REQUESTS);
      return app.api.get(REQUESTS);
    },
    render: ({ items }) => {
      const open = items.find(isOpen);
      return [
        ...heading("erasure"),
        lastProblem(app.signInProblem),
        open ? standing(app, REQUESTS, open, t(open.canTakeBack ? "erasure.reversible" : "erasure.final")) : explained(app),
        past(items),
      ];
    },
  };
}

function explained(app) {
  return el("section.card", {}, meaning(),
    el("button.quiet-button.grave", { type: "button", onclick: () => confirm(app) }, icon("erase"), t("erasure.ask")));
}

/** What goes, what stays, and until when it can be taken back. */
function meaning() {
  return el("ul.meaning", {}, ["erasure.goes", "erasure.stays", "erasure.waits"].map((key) => el("li", {}, t(key))));
}

function confirm(app) {
  const understood = el("input", { type: "checkbox", id: "understood", required: true });
  const fields = [meaning(), el("label.tick", { for: "understood" }, understood, t("erasure.understood"))];
  ask(t("erasure.sure"), fields, () => app.api.post(REQUESTS), {
    button: t("erasure.send"),
    done: () => app.show(),
    refused: (problem) => obstacle(app, problem, "erasure.send"),
  });
}
