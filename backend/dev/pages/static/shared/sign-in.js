/* The way in: what is the same whoever signs in. */

import { el } from "./dom.js";
import { Problem, problemCard } from "./problems.js";

/** Complete a sign-in this document came back from: the `problem` to show, and what the person was `doing`; null where there is none. */
export async function completed(session) {
  try {
    return { problem: null, doing: await session.completeSignIn() };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return { problem, doing: null };
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
