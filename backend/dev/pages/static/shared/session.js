/* Signing in as any app does: authorization code with PKCE (RFC 7636) in the browser's own window, then Bearer tokens.
 *
 * Tokens live in sessionStorage: they survive a reload and die with the tab. A phone keeps its refresh token in the keystore.
 */

import { vouched } from "./attestation.js";
import { noted } from "./calls.js";
import { Problem, problemOf, unreachable } from "./problems.js";
import { t } from "./language.js";
import { world } from "./world.js";

const EARLY_MS = 20_000;

export class Session {
  #refreshing = null;

  /** `name` keeps the two pages' sessions apart; `provider` is the account provider's id in world.json. */
  constructor(name, { provider, page }) {
    this.name = name;
    this.provider = provider;
    this.redirectUri = location.origin + page;
  }

  get #tokens() { return this.#read("tokens"); }
  get signedIn() { return this.#tokens !== null; }

  /** Off to the sign-in page; this document ends here. Who is signed in already signs in afresh: the page always asks the person.
   *
   * `challenge` is what a refused step asks of the sign-in; `doing` comes back from `completeSignIn`, for the page to go on with.
   */
  async beginSignIn({ challenge = {}, doing = null } = {}) {
    const attempt = { verifier: random(), state: random(), returnTo: location.hash, doing };
    this.#write("attempt", attempt);
    const query = new URLSearchParams({
      response_type: "code",
      client_id: world.app_client.client_id,
      redirect_uri: this.redirectUri,
      scope: "openid",
      state: attempt.state,
      code_challenge: await challengeOf(attempt.verifier),
      code_challenge_method: "S256",
      provider: this.provider,
      ...challenge,
    });
    location.assign(`${world.api}/oauth/authorize?${query}`);
  }

  /** Back from the sign-in page: redeem the code in the address, if there is one. Answers what was being done, or null. */
  async completeSignIn() {
    const answer = new URLSearchParams(location.search);
    if (!answer.has("state")) return null;
    const attempt = this.#read("attempt");
    this.#write("attempt", null);
    history.replaceState(null, "", location.pathname + (attempt?.returnTo ?? ""));
    // An answer we did not ask for, or from another server, is nobody's sign-in (RFC 9700, 2.1; RFC 9207).
    if (!attempt || answer.get("state") !== attempt.state) throw new Problem({ code: "state_mismatch", detail: t("problem.state") });
    if (answer.get("iss") !== world.api) throw new Problem({ code: "issuer_mismatch", detail: t("problem.issuer") });
    if (answer.has("error")) throw refused(answer);
    const before = this.#tokens;
    await this.#redeem({
      grant_type: "authorization_code",
      code: answer.get("code"),
      redirect_uri: this.redirectUri,
      code_verifier: attempt.verifier,
    });
    await this.#revoke(before);
    return attempt.doing ?? null;
  }

  /** A token that is good for the next request, or null when signed out. */
  async accessToken() {
    const tokens = this.#tokens;
    if (!tokens) return null;
    if (Date.now() < tokens.expiresAt - EARLY_MS) return tokens.access;
    return await this.refresh() ? this.#tokens.access : null;
  }

  /** New tokens for the old refresh token. One at a time: a refresh token is good once. False when the session is over. */
  refresh() {
    this.#refreshing ??= this.#refreshOnce().finally(() => { this.#refreshing = null; });
    return this.#refreshing;
  }

  async #refreshOnce() {
    const tokens = this.#tokens;
    if (!tokens?.refresh) return false;
    try {
      await this.#redeem({ grant_type: "refresh_token", refresh_token: tokens.refresh });
      return true;
    } catch (problem) {
      if (problem.code !== "invalid_grant") throw problem;
      this.end();
      return false;
    }
  }

  /** Forget the tokens. */
  end() { this.#write("tokens", null); }

  /** Revoke the refresh token and forget everything, also when the network fails. */
  async signOut() {
    const tokens = this.#tokens;
    this.end();
    await this.#revoke(tokens);
  }

  /** End the session these tokens belong to. They are forgotten already, so a failure is nobody's trouble. */
  async #revoke(tokens) {
    if (!tokens?.refresh) return;
    const form = { token: tokens.refresh, token_type_hint: "refresh_token", client_id: world.app_client.client_id };
    await noted(`${world.api}/oauth/revoke`, { method: "POST", body: new URLSearchParams(form) }).catch(() => null);
  }

  async #redeem(grant) {
    const form = new URLSearchParams({ ...grant, client_id: world.app_client.client_id });
    const response = await noted(`${world.api}/oauth/token`, { method: "POST", body: form, headers: await vouched(), signal: AbortSignal.timeout(15_000) })
      .catch((error) => { throw unreachable(error); });
    if (!response.ok) throw await problemOf(response);
    const told = await response.json();
    this.#write("tokens", {
      access: told.access_token,
      refresh: told.refresh_token,
      expiresAt: Date.now() + told.expires_in * 1000,
    });
  }

  #read(key) { return JSON.parse(sessionStorage.getItem(`${this.name}.${key}`)); }

  #write(key, value) {
    if (value === null) sessionStorage.removeItem(`${this.name}.${key}`);
    else sessionStorage.setItem(`${this.name}.${key}`, JSON.stringify(value));
  }
}

function refused(answer) {
  const code = answer.get("error");
  return new Problem({ code, detail: code === "access_denied" ? t("problem.denied") : answer.get("error_description") ?? code });
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challengeOf(verifier) {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
