/* What the app just did: every request, for the developer's panel. */

const KEPT = 60;
const watchers = new Set();

export const calls = [];

/** Send a request and note it: method, path, status, milliseconds. Never bodies or tokens. */
export async function noted(url, options = {}) {
  const call = { method: options.method ?? "GET", ...place(url), at: new Date(), status: null, ms: null };
  calls.unshift(call);
  calls.length = Math.min(calls.length, KEPT);
  tell(call);
  const started = performance.now();
  try {
    const response = await fetch(url, options);
    call.status = response.status;
    return response;
  } catch (error) {
    call.status = 0;
    throw error;
  } finally {
    call.ms = Math.round(performance.now() - started);
    tell(call);
  }
}

/** Note something that is no request of ours, such as a push that came in. */
export function note(method, path) {
  const call = { method, path, host: "", at: new Date(), status: "✓", ms: null };
  calls.unshift(call);
  calls.length = Math.min(calls.length, KEPT);
  tell(call);
}

/** Be told of every call when it starts and when it ends. */
export function watchCalls(watcher) {
  watchers.add(watcher);
}

function tell(call) {
  for (const watcher of watchers) watcher(call);
}

function place(url) {
  const { pathname, search, host } = new URL(url, location.href);
  return { path: pathname + search, host };
}
