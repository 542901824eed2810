/* The inbox: the truth about what I was told. A push is only its knock on the door. */

import { el } from "../shared/dom.js";
import { moment, t } from "../shared/language.js";
import { pagedList } from "../shared/pane.js";

export function inbox(app) {
  const page = (cursor) => app.api.get(`/v1/inbox?limit=20${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
  return {
    get title() { return t("inbox.title"); },
    load: async () => {
      const first = await page();
      app.showUnread(first.unreadCount);
      return first;
    },
    render: (first) => [
      el("h1", { tabindex: "-1" }, t("inbox.title")),
      first.items.length ? pagedList(first, (items) => el("ul.cards", {}, items.map((notice) => el("li", {}, entry(app, notice)))), page)
        : el("p.nothing", {}, t("inbox.none")),
    ],
  };
}

function entry(app, notice) {
  const unread = !notice.readAt;
  return el(unread ? "a.card.notice.unread" : "a.card.notice", { href: `#${notice.link}`, onclick: () => app.read(notice) },
    el("strong", {}, notice.title, unread && el("span.unseen", {}, ` (${t("inbox.unread")})`)),
    el("span", {}, notice.body),
    el("time.quiet", { datetime: notice.createdAt }, moment(notice.createdAt)));
}

/** Opening is reading. It must not keep the reader from where the tap leads, so nobody waits for it. */
export async function markRead(app, notice) {
  if (!notice.readAt) await app.api.put(`/v1/inbox/${encodeURIComponent(notice.id)}/read`);
  await app.countUnread();
}

/** The notice a push is about, found by its id; null when it is gone. */
export async function findNotice(app, id) {
  const { items } = await app.api.get("/v1/inbox?limit=50");
  return items.find((notice) => notice.id === id) ?? null;
}
