/* Some steps want a sign-in of a moment ago (RFC 9470). The way there is offered where the step was refused, and the step goes on
 * by itself when the citizen is back: who signed in for it, and nobody else, has asked for it.
 */

import { el } from "../shared/dom.js";
import { t } from "../shared/language.js";
import { problemCard, wantsFreshSignIn } from "../shared/problems.js";

/** What is in the way of a step: where that is the sign-in, with the button that leads to another. `step` is its name in `app.takesUp`. */
export function obstacle(app, problem, step, retry) {
  if (!wantsFreshSignIn(problem)) return problemCard(problem, retry);
  const begin = async () => {
    button.disabled = true;
    await app.session.beginSignIn({ challenge: problem.challenge, doing: { step, as: (await app.me()).id } });
  };
  const button = el("button.primary", { type: "button", onclick: begin }, t("signInAgain"));
  return el("section.card.wanted", { role: "alert" }, el("p", {}, problem.detail), button);
}
