/** The segments: one card each, kept and mended rather than made anew, so that neither focus nor a draft is lost. */

import { $, attribute, button, clock, count, el, words } from "./dom.js";

/** So many are made before the first paint; the rest follows in slices. */
const FIRST = 25;
const SLICE = 50;

export class Cards {
	constructor(app) {
		Object.assign(this, { app, list: $("cards"), byId: new Map(), order: [] });
		this.list.onclick = (event) => this.#click(event);
		this.list.ondblclick = (event) => {
			const word = chosenWord();
			if (word && event.target.closest(".text")) app.sayAs(event.target.closest(".card").segment, word);
		};
	}

	/** Show another state of the episode. @param {import("./types").Doc} doc */
	sync({ segments }) {
		const element = document.activeElement;
		const card = element.closest(".card");
		const { act } = element.dataset;
		const number = card?.segment.number;
		this.#rekey(segments.map((s) => s.id));
		this.order = segments;
		const ids = new Set(segments.map((s) => s.id));
		for (const [id, gone] of this.byId) {
			if (ids.has(id)) continue;
			gone.editor?.orphan();
			gone.remove();
			this.byId.delete(id);
		}
		this.#fill(this.byId.size ? segments.length : FIRST);
		if (!card || document.activeElement === element) return;
		const now = card.isConnected ? card : this.get(segments[Math.min(number, segments.length) - 1]?.id);
		(element.isConnected ? element : now?.querySelector(`[data-act="${act}"]`) ?? now)?.focus({ preventScroll: true });
	}

	/** A segment that was changed has another id: the card between the same neighbors, with what is typed in it, stays. */
	#rekey(ids) {
		const old = this.order.map((s) => s.id);
		const [before, now] = [new Set(old), new Set(ids)];
		const neighbor = (list, i, kept) => list[list.findLastIndex((id, n) => n < i && kept.has(id))];
		const gone = Map.groupBy(old.filter((id) => !now.has(id) && this.byId.has(id)), (id) => neighbor(old, old.indexOf(id), now));
		ids.forEach((id, i) => {
			const from = before.has(id) ? null : gone.get(neighbor(ids, i, before))?.shift();
			if (!from) return;
			this.byId.set(id, this.byId.get(from));
			this.byId.delete(from);
		});
	}

	#fill(until) {
		clearTimeout(this.later);
		this.order.slice(0, until).forEach((segment, i) => {
			let card = this.byId.get(segment.id);
			if (!card) this.byId.set(segment.id, card = $("card").content.firstElementChild.cloneNode(true));
			if (this.list.children[i] !== card) this.list.insertBefore(card, this.list.children[i] ?? null);
			this.show(segment);
		});
		attribute(this.list, "aria-busy", until < this.order.length);
		if (until < this.order.length) this.later = setTimeout(() => this.#fill(until + SLICE));
		else this.app.filled();
	}

	/** @returns the card of a segment, made now if it has to be */
	get(id) {
		if (!this.byId.has(id)) this.#fill(this.order.length);
		return this.byId.get(id);
	}

	/** Show a segment, if anything of it is new. @param {import("./types").Segment} segment */
	show(segment) {
		const card = this.byId.get(segment.id);
		const stamp = JSON.stringify(segment);
		if (!card || card.stamp === stamp) return;
		Object.assign(card, { stamp, segment, id: `s-${segment.id}` });
		Object.assign(card.dataset, { verdict: segment.verdict, role: segment.role });
		const { number, verdict, heard, version } = segment;
		const texts = {
			n: String(number), who: segment.speaker ?? segment.role, voice: segment.voice, at: clock(segment.start_ms / 1000),
			state: verdict + (verdict === "not heard" && heard >= 0.01 ? ` (${Math.round(heard * 100)}\u00a0%)` : ""),
			version: version > 1 ? `version ${version}` : "", added: segment.added ? `added: ${segment.added}` : "",
		};
		for (const [name, text] of Object.entries(texts)) words(card.querySelector(`.${name}`), text);
		const at = (act) => card.querySelector(`[data-act="${act}"]`);
		attribute(card.querySelector(".state"), "title", segment.by ? `${segment.by}, ${new Date(segment.at).toLocaleString()}` : null);
		attribute(card.querySelector(".acts"), "aria-label", `Segment ${number}`);
		attribute(at("play"), "aria-label", `Play segment ${number}`);
		attribute(at("approve"), "aria-pressed", verdict === "approved");
		attribute(at("fix"), "aria-pressed", verdict === "needs fix");
		at("undo").hidden = !segment.can_undo;
		const written = JSON.stringify([segment.text, segment.unknown]);
		if (card.written !== written) card.querySelector(".text").replaceChildren(...marked(segment));
		card.written = written;
		if (!card.querySelector(".note input")) showNote(card);
		card.querySelector(".concerns").replaceChildren(...segment.concerns.map((c) => el("li", {}, c.text)));
		card.editor?.rebind(segment);
	}

	#click(event) {
		const card = event.target.closest(".card");
		const { act, word } = event.target.closest("[data-act]")?.dataset ?? {};
		if (!act) return;
		const { app } = this;
		({
			play: () => app.playSegment(card.segment), approve: () => app.approve(card.segment), fix: () => this.needsFix(card),
			edit: () => app.edit(card.segment), undo: () => app.undo(card.segment), name: () => app.sayAs(card.segment, word),
		}[act] ?? (() => card.editor.act(act)))();
	}

	/** Mark a segment, and let a note be written at once; or take the mark back. */
	needsFix(card) {
		const { app } = this;
		if (card.segment.verdict === "needs fix") return app.mark(card.segment, "heard");
		app.mark(card.segment, "needs fix", card.segment.note);
		const input = el("input", { "aria-label": `What segment ${card.segment.number} needs`, placeholder: "What does it need?", maxlength: 500 });
		input.value = card.segment.note;
		const done = (keeps) => {
			input.onblur = null;
			const hadFocus = input === document.activeElement;
			const note = input.value.trim();
			input.remove();
			if (keeps && note !== card.segment.note) app.mark(card.segment, "needs fix", note);
			showNote(card);
			if (hadFocus) card.focus();
		};
		input.onblur = () => done(true);
		input.onkeydown = (event) => {
			if (!["Enter", "Escape"].includes(event.key)) return;
			event.preventDefault();
			done(event.key === "Enter");
		};
		card.querySelector(".note").replaceChildren(input);
		input.focus();
	}

	/** Mark the one segment that is playing, and bring it into view if that is wanted. */
	setNow(segment, follows) {
		const card = segment && this.get(segment.id);
		if (this.now !== card) {
			this.now?.classList.remove("now");
			this.now?.removeAttribute("aria-current");
			card?.classList.add("now");
			card?.setAttribute("aria-current", "true");
			this.now = card;
		}
		if (card && follows) bringIntoView(card);
	}

	/** Put the focus on the next card that is shown. */
	step(from, by) {
		const shown = [...this.list.children].filter((c) => !c.hidden).sort((a, b) => (a.style.order || 0) - (b.style.order || 0));
		const to = shown[Math.min(Math.max(0, shown.indexOf(from) + by), shown.length - 1)];
		if (to) focusCard(to);
	}

	/** Show only what is asked for. */
	filter(kind, sought) {
		const fits = { all: () => true, suspicious: (s) => s.concerns.length, "not approved": (s) => s.verdict !== "approved" }[kind] ?? ((s) => s.verdict === kind);
		const wanted = sought.trim().toLowerCase();
		let shown = 0;
		for (const card of this.list.children) {
			const { segment } = card;
			card.hidden = !card.editor && !(fits(segment) && `${segment.text} ${segment.speaker} ${segment.note}`.toLowerCase().includes(wanted));
			// The worst first, while the list itself stays in the order of the episode.
			card.style.order = kind === "suspicious" ? Math.round(-1000 * Math.max(0, ...segment.concerns.map((c) => c.score))) : "";
			shown += !card.hidden;
		}
		words($("shown"), (shown < this.order.length ? `${shown} of ` : "") + count(this.order.length, "segment"));
	}
}

export function focusCard(card) {
	card.focus({ preventScroll: true });
	bringIntoView(card);
}

function bringIntoView(card) {
	const [floor, ceiling] = ["scrollPaddingTop", "scrollPaddingBottom"].map((name) => parseFloat(getComputedStyle(document.documentElement)[name]) || 0);
	const box = card.getBoundingClientRect();
	const room = innerHeight - floor - ceiling;
	if (box.top >= floor && box.bottom <= floor + room) return;
	const by = box.top - floor - Math.max(12, (room - box.height) / 3);
	const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches || Math.abs(by) > room;
	scrollBy({ top: by, behavior: isCalm ? "instant" : "smooth" });
}

function showNote(card) {
	const { verdict, note } = card.segment;
	card.querySelector(".note").replaceChildren(verdict === "needs fix" && note ? `Note: ${note}` : "");
}

/** @returns {string} the one word that is selected, or nothing */
export function chosenWord() {
	const word = String(getSelection()).trim().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
	return /\s/.test(word) ? "" : word;
}

/** The text, with a button for each word that no dictionary knows. */
function marked({ text, unknown }) {
	if (!unknown.length) return [text];
	const any = unknown.map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).sort((a, b) => b.length - a.length).join("|");
	return text.split(new RegExp(`(?<![\\p{L}\\p{N}])(${any})(?![\\p{L}\\p{N}])`, "u")).map((part, i) => (i % 2
		? button(part, { class: "name", "data-act": "name", "data-word": part, "aria-label": `${part}: no dictionary knows it. Say it as`, title: "No dictionary knows it: say it as …" }) : part));
}
