/** The segments: cards are kept and mended, so that neither focus nor a draft is lost. */

import { $, actOf, attr, button, clock, count, el, focused, words } from "./dom.js";

/** So many before the first paint; the rest in slices. */
const FIRST = 25;
const SLICE = 50;
const NEAR = { block: "nearest" };

export class Cards {
	constructor(app) {
		Object.assign(this, { app, list: $("cards"), byId: new Map(), order: [], kind: "all" });
		this.list.onclick = (event) => this.#click(event);
		this.list.ondblclick = (event) => {
			const word = chosenWord();
			if (word && event.target.closest(".text")) app.sayAs(event.target.closest(".card").segment, word);
		};
	}

	sync({ segments, language }) {
		$("card").content.querySelector(".text").lang = language;
		const element = focused();
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
		if (!card || focused() === element) return;
		const now = card.isConnected ? card : this.get(segments[Math.min(number, segments.length) - 1]?.id);
		(element.isConnected ? element : now?.querySelector(`[data-act="${act}"]`) ?? now)?.focus({ preventScroll: true });
	}

	/** A changed segment has another id: the card after the same neighbor stays. */
	#rekey(ids) {
		const old = this.order.map((s) => s.id);
		const [before, now, gone] = [new Set(old), new Set(ids), {}];
		let after = "";
		for (const id of old) {
			if (now.has(id)) after = id;
			else (gone[after] ??= []).push(id);
		}
		after = "";
		for (const id of ids) {
			if (before.has(id)) after = id;
			const from = before.has(id) ? null : gone[after]?.shift();
			if (!this.byId.has(from)) continue;
			this.byId.set(id, this.byId.get(from));
			this.byId.delete(from);
		}
	}

	#fill(until) {
		clearTimeout(this.later);
		const worst = (s) => Math.max(0, ...s.concerns.map((c) => c.score));
		const shown = this.kind === "suspicious" ? this.order.toSorted((a, b) => worst(b) - worst(a)) : this.order;
		shown.slice(0, until).forEach((segment, i) => {
			let card = this.byId.get(segment.id);
			if (!card) this.byId.set(segment.id, card = $("card").content.firstElementChild.cloneNode(true));
			if (this.list.children[i] !== card) this.list.insertBefore(card, this.list.children[i] ?? null);
			this.show(segment);
		});
		attr(this.list, "aria-busy", until < this.order.length);
		if (until < this.order.length) this.later = setTimeout(() => this.#fill(until + SLICE));
		else this.app.filled();
	}

	get(id) {
		if (!this.byId.has(id)) this.#fill(this.order.length);
		return this.byId.get(id);
	}

	show(segment) {
		const card = this.byId.get(segment.id);
		const stamp = JSON.stringify(segment);
		if (card) card.segment = segment;
		if (!card || card.stamp === stamp) return;
		Object.assign(card, { stamp, id: `s-${segment.id}` });
		Object.assign(card.dataset, { verdict: segment.verdict, role: segment.role });
		const { number, verdict, heard, version } = segment;
		const texts = {
			n: String(number), who: segment.speaker ?? segment.role, voice: segment.voice, at: clock(segment.start_ms / 1000),
			state: verdict + (verdict === "not heard" && heard >= 0.01 ? ` (${Math.round(heard * 100)}\u00a0%)` : ""),
			version: version > 1 ? `version ${version}` : "", added: segment.added ? `added: ${segment.added}` : "", noted: verdict === "needs fix" && segment.note ? `Note: ${segment.note}` : "",
		};
		for (const [name, text] of Object.entries(texts)) words(card.querySelector(`.${name}`), text);
		attr(card.querySelector(".state"), "title", segment.by ? `${segment.by}, ${new Date(segment.at).toLocaleString()}` : null);
		card.ariaLabel = `Segment ${number}, ${verdict}: ${segment.text}`;
		card.querySelector(".acts").ariaLabel = `Segment ${number}`;
		actOf(card, "play").ariaLabel = `Play segment ${number}`;
		attr(actOf(card, "approve"), "aria-pressed", verdict === "approved");
		attr(actOf(card, "fix"), "aria-pressed", verdict === "needs fix");
		actOf(card, "undo").hidden = !segment.can_undo;
		const written = JSON.stringify([segment.text, segment.unknown]);
		if (card.written !== written) card.querySelector(".text").replaceChildren(...marked(segment));
		card.written = written;
		const concerns = segment.concerns.map((c) => c.text);
		if (!segment.clip_url) concerns.unshift("it cannot be spoken as it stands");
		card.querySelector(".concerns").replaceChildren(...concerns.map((text) => el("li", {}, text)));
		card.editor?.rebind(segment);
	}

	#click(event) {
		const card = event.target.closest(".card");
		const { act, word } = event.target.closest("[data-act]")?.dataset ?? {};
		// Who clicks twice wants it once.
		if (!act || (event.detail > 1 && !event.target.form)) return;
		const { app } = this;
		({
			play: () => app.playSegment(card.segment), approve: () => app.approve(card.segment), fix: () => this.needsFix(card),
			edit: () => app.edit(card.segment), undo: () => app.undo(card.segment), name: () => app.sayAs(card.segment, word),
		}[act] ?? (() => card.editor.act(act)))();
	}

	needsFix(card) {
		const { app } = this;
		if (card.segment.verdict === "needs fix") return app.mark(card.segment, "heard");
		app.mark(card.segment, "needs fix", card.segment.note);
		const input = card.querySelector(".note input");
		Object.assign(input, { hidden: false, value: card.segment.note, ariaLabel: `What segment ${card.segment.number} needs` });
		input.onkeydown = ({ key }) => {
			if (key === "Escape") input.value = card.segment.note;
			if (key === "Escape" || key === "Enter") card.focus();
		};
		input.onblur = () => {
			input.hidden = true;
			if (input.value.trim() !== card.segment.note) app.mark(card.segment, "needs fix", input.value.trim());
		};
		input.focus();
	}

	setNow(segment, follows) {
		const card = segment && this.get(segment.id);
		if (this.now !== card) {
			this.now?.classList.remove("now");
			this.now?.removeAttribute("aria-current");
			card?.classList.add("now");
			card?.setAttribute("aria-current", "true");
			this.now = card;
		}
		if (follows) card?.scrollIntoView(NEAR);
	}

	step(from, by) {
		const shown = [...this.list.children].filter((c) => !c.hidden);
		const to = shown[Math.min(Math.max(0, shown.indexOf(from) + by), shown.length - 1)];
		if (to) focusCard(to);
	}

	filter(kind, sought) {
		if (this.kind !== kind) {
			this.kind = kind;
			return this.#fill(this.order.length);
		}
		const fits = { all: () => true, suspicious: (s) => s.concerns.length, "not approved": (s) => s.verdict !== "approved" }[kind] ?? ((s) => s.verdict === kind);
		const wanted = sought.trim().toLowerCase();
		let shown = 0;
		for (const card of this.list.children) {
			const { segment } = card;
			card.hidden = !card.editor && !(fits(segment) && `${segment.text} ${segment.speaker} ${segment.note}`.toLowerCase().includes(wanted));
			shown += !card.hidden;
		}
		words("shown", (shown < this.order.length ? `${shown} of ` : "") + count(this.order.length, "segment"));
	}
}

export function focusCard(card) {
	card.focus({ preventScroll: true });
	card.scrollIntoView(NEAR);
}

export function chosenWord() {
	const word = String(getSelection()).trim().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
	return /\s/.test(word) ? "" : word;
}

function marked({ text, unknown }) {
	if (!unknown.length) return [text];
	const any = unknown.map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).sort((a, b) => b.length - a.length).join("|");
	return text.split(new RegExp(`(?<![\\p{L}\\p{N}])(${any})(?![\\p{L}\\p{N}])`, "u")).map((part, i) => (i % 2
		? button(part, { class: "name", "data-act": "name", "data-word": part, "aria-label": `${part}: no dictionary knows it. Say it as` }) : part));
}
