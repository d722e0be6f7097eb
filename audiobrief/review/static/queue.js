/** The queue: drafts first, and what each still needs. */

import { $, announce, clock, count, el, words } from "./dom.js";
import { get, Unreachable } from "./api.js";
import { listen } from "./live.js";

const GROUPS = { draft: "To review", approved: "Approved", published: "Published" };
let fetching = null;
let again = false;

async function refresh() {
  if (fetching) { again = true; return; }
  fetching = get("/api/episodes");
  try {
    show(await fetching);
  } catch (error) {
    if (error instanceof Unreachable) live.doubt();
    else announce(error.message, { bad: true });
  }
  fetching = null;
  if (again) { again = false; refresh(); }
}

function show({ show: desk, episodes, damaged, by, require_approval: isGated }) {
  const drafts = episodes.filter((e) => e.state === "draft").length;
  words($("show"), desk.title);
  document.title = `Review: ${desk.title}`;
  words($("summary"), [drafts ? `${count(drafts, "draft")} to review` : "Nothing to review", `you are ${by}`,
    isGated ? "only approved episodes are published" : "approval is not asked for"].join(" · "));
  const manyShows = (desk.shows?.length ?? 0) > 1;
  const focus = document.activeElement?.getAttribute("href");
  $("groups").replaceChildren(...Object.entries(GROUPS).map(([state, title]) => group(title, episodes.filter((e) => e.state === state), manyShows)));
  $("groups").removeAttribute("aria-busy");
  if (focus) [...document.querySelectorAll("#groups a")].find((a) => a.getAttribute("href") === focus)?.focus();
  $("damaged").hidden = !damaged.length;
  $("damaged").replaceChildren(...damaged.map((d) => el("li", {}, [d.problem, d.where, d.fix && `Fix: ${d.fix}`].filter(Boolean).join(". "))));
  words($("none"), episodes.length ? "" : "There are no episodes yet. Make one: audiobrief build ARTICLE");
  $("none").hidden = !!episodes.length;
  filter();
}

function group(title, episodes, manyShows) {
  if (!episodes.length) return "";
  return el("section", { class: "group" }, el("h2", {}, title, " ", el("span", { class: "soft number" }, String(episodes.length))),
    el("ol", { class: "episodes" }, ...episodes.map((e) => row(e, manyShows))));
}

function row(episode, manyShows) {
  const { counts } = episode;
  const left = [counts["needs fix"] && `${counts["needs fix"]} to fix`, counts["not heard"] && `${counts["not heard"]} not heard`,
    episode.concerns && `${episode.concerns} look suspicious`, episode.is_stale && "changed since its sound was made",
    !episode.has_sound && "no sound yet"].filter(Boolean).join(" · ");
  return el("li", { "data-state": episode.state },
    el("h3", { dir: "auto" }, el("a", { href: `/episode/${encodeURIComponent(episode.id)}` }, episode.title)),
    el("p", { class: "soft" }, el("span", { class: "state" }, episode.state), " · ", ...(manyShows ? [episode.show, " · "] : []),
      el("time", { datetime: episode.date }, new Date(episode.date).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" })),
      " · ", el("span", { class: "number" }, clock(episode.duration_ms / 1000))),
    el("p", { class: "approved" }, el("meter", { min: 0, max: counts.total || 1, value: counts.approved, "aria-label": `Approved of ${episode.title}` }),
      el("span", { class: "number" }, ` ${counts.approved} of ${counts.total} approved`)),
    left ? el("p", { class: "left" }, left) : "");
}

function filter() {
  const sought = $("search").value.trim().toLocaleLowerCase();
  for (const item of document.querySelectorAll(".episodes > li")) item.hidden = !item.textContent.toLocaleLowerCase().includes(sought);
  for (const section of document.querySelectorAll(".group")) section.hidden = !section.querySelector("li:not([hidden])");
}

$("search").addEventListener("input", filter);
const live = listen({ event: (event) => event.type !== "progress" && refresh(), back: refresh });
refresh();
