/* Who vouches for this app: Firebase App Check, here its simulator. On a real phone its SDK gets the token from the platform; a debug
 * build, like this page, exchanges a debug token that the console knows.
 */

import { noted } from "./calls.js";
import { world } from "./world.js";

const EARLY_MS = 60_000;
let kept = null;

/** The header for requests with which something begins. None when nobody vouches: the API says whether it wants one. */
export async function vouched() {
  if (!kept || Date.now() > kept.until - EARLY_MS) kept = await exchanged().catch(() => null);
  return kept ? { "x-firebase-appcheck": kept.token } : {};
}

async function exchanged() {
  const body = JSON.stringify({ debugToken: world.app_check.debug_token });
  const response = await noted(world.app_check.exchange_url, { method: "POST", body, headers: { "content-type": "application/json" } });
  if (!response.ok) return null;
  const { token, ttl } = await response.json();
  return { token, until: Date.now() + parseInt(ttl, 10) * 1000 };
}
