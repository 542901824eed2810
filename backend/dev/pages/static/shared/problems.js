/* What went wrong, in one shape, whether the API said it (problem+json, RFC 9457) or the network did. */

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./language.js";

export class Problem extends Error {
  constructor({ status = 0, code = "network", detail = "", traceId = "", errors = [], challenge = {} }) {
    super(detail || code);
    Object.assign(this, { status, code, detail, traceId, errors, challenge });
  }
}

/** The problem a failed answer carries; a proxy's HTML error page becomes one too. */
export async function problemOf(response) {
  const said = await response.json().catch(() => ({}));
  const detail = said.detail ?? said.error_description ?? t("problem.unreadable");
  return new Problem({ ...said, status: response.status, code: said.code ?? said.error ?? "unreadable", detail, challenge: challengeOf(response) });
}

/** What the sign-in has to be like, in the words the authorization endpoint takes (RFC 9470, 3): `max_age`, `acr_values`. */
function challengeOf(response) {
  const asked = response.headers.get("www-authenticate") ?? "";
  return Object.fromEntries([...asked.matchAll(/\b(max_age|acr_values)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
}

/** Nobody answered: offline, too slow, or refused by the browser. */
export function unreachable(error) {
  return new Problem({ code: error.name === "TimeoutError" ? "timeout" : "network", detail: t("problem.network") });
}

/** Only somebody who signed in a moment ago may do this; signing in again is the way out. */
export function wantsFreshSignIn(problem) { return problem.code === "step_up_required"; }

/** The problem as its reader sees it, with the way out. */
export function problemCard(problem, retry) {
  const small = [problem.status || "", problem.code, problem.traceId && `${t("problem.trace")} ${problem.traceId}`];
  return el("section.problem", { role: "alert" },
    icon("warning"),
    el("div", {},
      el("p.problem-detail", {}, problem.detail || t("problem.unknown")),
      problem.errors?.length > 0 && el("ul", {}, problem.errors.map((e) => el("li", {}, `${e.pointer} ${e.detail}`))),
      el("p.problem-trace", {}, small.filter(Boolean).join(" · ")),
      retry && el("button.quiet-button", { type: "button", onclick: retry }, icon("again"), t("retry"))));
}
