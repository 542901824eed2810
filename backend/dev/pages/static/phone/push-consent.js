/* Asked at the first registration for push: may pushes pass through a service abroad? Who has not said yes gets none.
 *
 * The text is the server's, yes and no weigh the same, and the answer can be changed under "my data" at any time.
 */

import { el } from "../shared/dom.js";
import { t } from "../shared/language.js";

const PURPOSE = "foreign_push";

/** Show the question where nobody has answered it yet. It is not waited for: the phone works without an answer. */
export async function askAboutPushes(app, place) {
  const { items } = await app.api.get("/v1/me/consents");
  const asked = items.find((item) => item.purpose === PURPOSE);
  if (asked.decidedAt && !asked.outdated) return;
  const decide = async (granted) => {
    await app.api.put(`/v1/me/consents/${PURPOSE}`, { granted, textVersion: asked.textVersion });
    place.replaceChildren();
  };
  place.replaceChildren(
    el("section.card.push-question", { "aria-label": asked.title },
      el("h2", {}, asked.title), el("p", {}, asked.text), el("p.quiet", {}, asked.article),
      el("div.answers", {},
        el("button.quiet-button", { type: "button", onclick: () => decide(true) }, t("pushes.yes")),
        el("button.quiet-button", { type: "button", onclick: () => decide(false) }, t("pushes.no")))));
}
