/* The way in: what is the same whoever signs in. */

import { el } from "./dom.js";
import { Problem, problemCard } from "./problems.js";

/** Complete a sign-in this document came back from. Answers the problem to show, or null. */
export async function completed(session) {
  try {
    await session.completeSignIn();
    return null;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return problem;
  }
}

/** The button that leads to the account provider. */
export function signInButton(session, words) {
  const begin = async () => {
    button.disabled = true;
    await session.beginSignIn();
  };
  const button = el("button.primary", { type: "button", onclick: begin }, words);
  return button;
}

/** What went wrong last time, above the button. */
export function lastProblem(problem) {
  return problem && problemCard(problem);
}
