/* This page as a device of the push simulator: it registers once, tells the API where it can be reached, and listens.
 *
 * It calls itself an Android phone, for what it shows is what such a phone would draw.
 * On a real phone the Firebase SDK is the first and the last of these; the middle one is what every app does.
 */

import { note, noted } from "../shared/calls.js";
import { language } from "../shared/language.js";
import { unreachable } from "../shared/problems.js";
import { world } from "../shared/world.js";

const KEPT_AS = "phone.device";

export class Device {
  #stream = null;
  #last = 0;

  /** `onPush(message)` for each push; `onCatchUp()` when listening again after a gap, in which pushes may have been missed. */
  constructor(api, { onPush, onCatchUp }) {
    Object.assign(this, { api, onPush, onCatchUp });
    this.ids = JSON.parse(localStorage.getItem(KEPT_AS));
    this.connected = false;
  }

  /** Register where needed, tell the API, listen. To be called at every start and when the language changes. */
  async start() {
    await this.#beKnown();
    await this.tell();
    this.#listen();
  }

  async tell() {
    await this.api.put(`/v1/push-targets/${this.ids.installationId}`, {
      platform: "android",
      target: { kind: "fid", value: this.ids.fid },
      locale: language(),
      appVersion: "phone-page",
    });
  }

  /** Stop listening. */
  hush() {
    this.#stream?.close();
    this.connected = false;
  }

  /** No more pushes here for whoever signs out. */
  async stop() {
    this.hush();
    if (this.ids) await this.api.delete(`/v1/push-targets/${this.ids.installationId}`);
  }

  async #beKnown() {
    const received = this.ids && await simulator("GET", `/devices/${this.ids.installationId}/messages`);
    if (received?.ok) {
      // What came while the page was closed is in the inbox: it is not announced again.
      this.#last = (await received.json()).at(-1)?.sequence ?? 0;
      return;
    }
    // The simulator forgets its devices when it restarts; then we are a new device to it.
    const response = await simulator("POST", "/devices", { platform: "android", name: "Phone page", locale: language() });
    const { installationId, fid } = await response.json();
    this.ids = { installationId, fid };
    this.#last = 0;
    localStorage.setItem(KEPT_AS, JSON.stringify(this.ids));
  }

  #listen() {
    this.#stream?.close();
    const stream = new EventSource(`${world.fcm}/devices/${this.ids.installationId}/stream?after=${this.#last}`);
    let lost = false;
    stream.onopen = () => {
      this.connected = true;
      if (lost) this.onCatchUp();
      lost = false;
    };
    stream.onerror = () => { lost = true; this.connected = false; };
    stream.onmessage = (event) => this.#received(JSON.parse(event.data));
    this.#stream = stream;
  }

  #received({ message, alert }) {
    note("PUSH", alert?.titleLocKey ?? message.data.category);
    this.onPush({ noticeId: message.data.nid, titleKey: alert?.titleLocKey, bodyKey: alert?.bodyLocKey });
  }
}

function simulator(method, path, json) {
  const body = json && { body: JSON.stringify(json), headers: { "content-type": "application/json" } };
  return noted(world.fcm + path, { method, ...body }).catch((error) => { throw unreachable(error); });
}
