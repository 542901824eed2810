// What scripts add to pages that work without them: keys, drafts kept while typing, and news. Nothing typed is ever lost.
"use strict";

// j and k move through a list, Enter opens (the links do that by themselves); not while somebody types.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  const step = { j: 1, k: -1 }[event.key];
  const links = step ? [...document.querySelectorAll("[data-keys] a")] : [];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  links[Math.min(Math.max(at + step, 0), links.length - 1)].focus();
  event.preventDefault();
});

// A draft is kept a second after the last key, and when the field is left.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const said = form.querySelector(".saved");
  let waiting, kept = "";
  const keep = async () => {
    clearTimeout(waiting);
    const typed = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") typed.append(name, value);
    if (typed.toString() === kept) return;
    kept = typed.toString();
    const answer = await fetch(form.dataset.draft, { method: "POST", body: typed, keepalive: true });
    if (said) said.textContent = answer.ok ? await answer.text() : "";
  };
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, 1000); });
  form.addEventListener("focusout", (event) => { if (event.target.matches("textarea")) keep(); });
  form.addEventListener("submit", () => clearTimeout(waiting));
}

// Whoever comes back to a form that was refused begins where it says why.
document.getElementById("refusal")?.focus();

// News: into a region that is read aloud, without taking the focus from anybody.
const news = document.getElementById("news");
if (news) {
  const source = new EventSource(news.dataset.live);
  source.addEventListener("news", (event) => {
    const told = JSON.parse(event.data);
    news.replaceChildren();
    if (!told.text) return;
    const line = document.createElement("p");
    line.append(told.text);
    if (told.link) {
      const link = document.createElement("a");
      link.href = location.pathname + location.search;
      link.textContent = told.link;
      line.append(link);
    }
    news.append(line);
    if (told.changed) source.close();
  });
  addEventListener("pagehide", () => source.close());
}

// A menu closes when one clicks elsewhere or presses Escape.
const menu = document.querySelector("details.me");
document.addEventListener("click", (event) => { if (menu && !menu.contains(event.target)) menu.open = false; });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu?.open) { menu.open = false; menu.querySelector("summary").focus(); }
});
