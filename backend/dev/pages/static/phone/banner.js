/* A push as it drops in at the top of the phone. It stays until it is tapped or put away: nobody has to be fast. */

import { el } from "../shared/dom.js";
import { icon, lotus } from "../shared/icons.js";
import { knows, t } from "../shared/language.js";

/** Show a push; a newer one takes the place of the older. The words come from the app, by the keys the push names. */
export function showBanner(place, push, onTap) {
  const words = (key, otherwise) => t(knows(`push.${key}`) ? `push.${key}` : otherwise);
  const away = () => place.replaceChildren();
  place.replaceChildren(
    el("div.banner", {},
      el("button.banner-tap", { type: "button", onclick: () => { away(); onTap(); } },
        el("span.banner-sign", {}, lotus()),
        el("span.banner-words", {},
          el("span.banner-app", {}, `${t("app")} · ${t("push.now")}`),
          el("strong", {}, words(push.titleKey, "push.unknown_title")),
          el("span", {}, words(push.bodyKey, "push.unknown_body")))),
      el("button.round", { type: "button", "aria-label": t("close"), onclick: away }, icon("close"))));
}
