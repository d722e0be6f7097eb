/** The queue: drafts first, and what each still needs. */

import { $, clock, count, el, focused, tell, words } from "./dom.js";
import { get } from "./api.js";
import { listen } from "./live.js";

const GROUPS = { draft: "To review", approved: "Approved", published: "Published" };
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
	const focus = focused().getAttribute("href");
	$("groups").replaceChildren(...Object.entries(GROUPS).map(([state, title]) => group(title, episodes.filter((e) => e.state === state), desk.shows.length > 1)));
	$("groups").removeAttribute("aria-busy");
	if (focus) $("groups").querySelector(`[href="${CSS.escape(focus)}"]`)?.focus();
	$("damaged").hidden = !damaged.length;
	$("damaged").replaceChildren(...damaged.map((d) => el("li", {}, [d.problem, d.where, d.fix].filter(Boolean).join(". "))));
	$("none").hidden = episodes.length > 0;
	filter();
}

function group(title, episodes, isOneOfMany) {
	if (!episodes.length) return "";
	return el("section", { class: "group" }, el("h2", {}, title, " ", el("span", { class: "soft number" }, episodes.length)),
		el("ol", { class: "episodes" }, ...episodes.map((e) => row(e, isOneOfMany))));
}

function row({ id, title, show: name, state, date, duration_ms: ms, counts, concerns, is_stale: isStale, has_sound: hasSound }, isOneOfMany) {
	const left = [counts["needs fix"] && `${counts["needs fix"]} to fix`, counts["not heard"] && `${counts["not heard"]} not heard`,
		concerns && `${concerns} worth a second look`, isStale && "changed since its sound was made", !hasSound && "no sound yet"];
	return el("li", { "data-state": state },
		el("h3", { dir: "auto" }, el("a", { href: `/episode/${encodeURIComponent(id)}` }, title)),
		el("p", { class: "soft" }, el("b", { class: "state" }, state), isOneOfMany && ` · ${name}`, " · ",
			el("time", { datetime: date }, new Date(date).toLocaleDateString(undefined, { dateStyle: "medium" })), ` · ${clock(ms / 1000)}`),
		el("p", { class: "approved number" }, el("meter", { min: 0, max: counts.total || 1, value: counts.approved, "aria-label": `Approved of ${title}` }), ` ${counts.approved} of ${counts.total} approved`),
		el("p", { class: "left" }, left.filter(Boolean).join(" · ")));
}

function filter() {
	const sought = $("search").value.trim().toLowerCase();
	for (const item of document.querySelectorAll(".episodes > li")) item.hidden = !item.textContent.toLowerCase().includes(sought);
	for (const section of document.querySelectorAll(".group")) section.hidden = !section.querySelector("li:not([hidden])");
}

$("search").oninput = filter;
const doubt = listen({ event: ({ type }) => { if (type !== "progress") refresh(); }, back: refresh });
refresh();
