/* The API, as an app calls it: a Bearer token, the reader's language, problem+json when it fails. */

import { vouched } from "./attestation.js";
import { noted } from "./calls.js";
import { language } from "./language.js";
import { problemOf, unreachable, wantsFreshSignIn } from "./problems.js";
import { world } from "./world.js";

const PATIENCE_MS = 20_000;

export class Api {
  /** `onSignedOut` is called when the session has ended for good. */
  constructor(session, onSignedOut) {
    this.session = session;
    this.onSignedOut = onSignedOut;
  }

  async get(path) { return (await this.send("GET", path)).json(); }
  async post(path, json) { return (await this.send("POST", path, { json })).json(); }
  async put(path, json) { return (await this.send("PUT", path, { json })).json(); }
  async delete(path) { await this.send("DELETE", path); }

  /** One request. A refused token is refreshed once and the request sent again. Throws Problem. */
  async send(method, path, { json, body } = {}) {
    let response = await this.#once(method, path, json, body);
    if (response.ok) return response;
    let problem = await problemOf(response);
    if (refusesToken(problem) && await this.session.refresh()) {
      response = await this.#once(method, path, json, body);
      if (response.ok) return response;
      problem = await problemOf(response);
    }
    if (refusesToken(problem)) {
      this.session.end();
      this.onSignedOut();
    }
    throw problem;
  }

  async #once(method, path, json, body) {
    const headers = { "accept-language": language() };
    const token = await this.session.accessToken();
    if (token) headers.authorization = `Bearer ${token}`;
    if (method === "POST") Object.assign(headers, await vouched());
    if (json !== undefined) {
      headers["content-type"] = "application/json";
      body = JSON.stringify(json);
    }
    try {
      return await noted(world.api + path, { method, headers, body, signal: AbortSignal.timeout(PATIENCE_MS) });
    } catch (error) {
      throw unreachable(error);
    }
  }
}

/** The token is no good. One that is merely not fresh enough for a grave step still is (RFC 9470). */
function refusesToken(problem) { return problem.status === 401 && !wantsFreshSignIn(problem); }
