/** The queue: drafts first, and what each still needs. */

import { $, button, clock, count, el, focused, tell, words } from "./dom.js";
import { get } from "./api.js";
import { listen } from "./live.js";

const GROUPS = { draft: "To review", approved: "Approved", published: "Published" };
/** Rows of a group that are made at once; a show may have ten thousand episodes. */
const MOST = 100;
// One for all: to make one takes longer than a row.
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
/** How many rows of a group have been asked for. */
const most = {};
let known = { show: { shows: [] }, episodes: [] };
let isFetching = false;
let isWanted = false;

async function refresh() {
	isWanted = true;
	if (isFetching) return;
	isFetching = true;
	while (isWanted) {
		isWanted = false;
		try {
			show(await get("/api/episodes"));
		} catch (error) {
			if (error.status === 0) doubt();
			else tell(error.message, true);
		}
	}
	isFetching = false;
}

function show({ show: desk, episodes, damaged, by, require_approval: isGated }) {
	const drafts = episodes.filter((e) => e.state === "draft").length;
	words("show", desk.title);
	document.title = `Review: ${desk.title}`;
	words("summary", `${drafts ? `${count(drafts, "draft")} to review` : "Nothing to review"} · you are ${by} · ${isGated ? "only approved episodes are published" : "approval is not asked for"}`);
	known = { show: desk, episodes };
	list();
	$("groups").removeAttribute("aria-busy");
	$("damaged").hidden = !damaged.length;
	$("damaged").replaceChildren(...damaged.map((d) => el("li", {}, [d.problem, d.where, d.fix].filter(Boolean).join(". "))));
	$("none").hidden = episodes.length > 0;
}

/** Show what is sought, the first of each group. */
function list() {
	const sought = $("search").value.trim().toLowerCase();
	const found = known.episodes.filter((e) => `${e.title} ${e.show} ${e.state} ${e.date.slice(0, 10)}`.toLowerCase().includes(sought));
	const focus = focused().getAttribute("href");
	$("groups").replaceChildren(...Object.keys(GROUPS).map((state) => group(state, found.filter((e) => e.state === state))));
	if (focus) $("groups").querySelector(`[href="${CSS.escape(focus)}"]`)?.focus();
	words("found", sought && count(found.length, "episode"));
}

function group(state, episodes) {
	if (!episodes.length) return "";
	const shown = episodes.slice(0, most[state] ?? MOST);
	const left = episodes.length - shown.length;
	return el("section", { class: "group" }, el("h2", {}, GROUPS[state], " ", el("span", { class: "soft number" }, episodes.length)),
		el("ol", { class: "episodes" }, ...shown.map((e) => row(e, known.show.shows.length > 1))),
		left && button(`Show ${Math.min(left, MOST)} more of ${episodes.length}`, {}, () => more(state, shown.length)));
}

function more(state, shown) {
	most[state] = shown + MOST;
	list();
	// The first of the new rows; the button is another one now.
	document.querySelectorAll(`li[data-state="${state}"] a`)[shown]?.focus();
}

function row({ id, title, show: name, state, date, duration_ms: ms, counts, concerns, is_stale: isStale, has_sound: hasSound }, isOneOfMany) {
	const left = [counts["needs fix"] && `${counts["needs fix"]} to fix`, counts["not heard"] && `${counts["not heard"]} not heard`,
		concerns && `${concerns} worth a second look`, isStale && "changed since its sound was made", !hasSound && "no sound yet"];
	return el("li", { "data-state": state },
		el("h3", { dir: "auto" }, el("a", { href: `/episode/${encodeURIComponent(id)}` }, title)),
		el("p", { class: "soft" }, el("b", { class: "state" }, state), isOneOfMany && ` · ${name}`, " · ",
			el("time", { datetime: date }, day.format(new Date(date))), ` · ${clock(ms / 1000)}`),
		el("p", { class: "approved number" }, el("meter", { min: 0, max: counts.total || 1, value: counts.approved, "aria-label": `Approved of ${title}` }), ` ${counts.approved} of ${counts.total} approved`),
		el("p", { class: "left" }, left.filter(Boolean).join(" · ")));
}

$("search").oninput = list;
const doubt = listen({ event: ({ type }) => { if (type !== "progress") refresh(); }, back: refresh });
refresh();
