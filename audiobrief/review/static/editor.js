/** A segment edited in its place; what is typed outlives a reload, a lost server, and a change by somebody else. */

import { $, announce, button, el, memory } from "./dom.js";
import { Unreachable } from "./api.js";

export const seenOf = ({ text, voice, speaker }) => ({ text, voice, speaker });
const isSame = (a, b) => a.text === b.text && a.voice === b.voice && a.speaker === b.speaker;
/** Voice and speaker first: the new words are then spoken once, by the right voice. */
const STEPS = [["voice", "voice"], ["speaker", "speaker"], ["words", "text"]];

export class Editor {
	/** @param draft what was typed before, if anything */
	constructor(app, card, draft = null) {
		this.form = $("editor").content.firstElementChild.cloneNode(true);
		const [text, voice, speaker] = ["textarea", "select", "input"].map((tag) => this.form.querySelector(tag));
		Object.assign(this, { app, card, text, voice, speaker, base: draft?.base ?? seenOf(card.segment), stored: null });
		this.form.setAttribute("aria-label", `Segment ${card.segment.number}`);
		const value = draft ?? this.base;
		voice.append(...Array.from(new Set([...app.doc.voices.map((v) => v.name), value.voice]), (name) => new Option(name, name)));
		this.#set(value);
		this.form.oninput = () => (this.isDirty() ? this.#keep() : this.#forget());
		this.form.onsubmit = (event) => { event.preventDefault(); this.save(); };
		this.form.onkeydown = (event) => this.#key(event);
		this.#attach(this);
		card.querySelector(".body").append(this.form);
		if (draft) {
			this.stored = this.key;
			this.rebind(card.segment);
		}
	}

	#attach(editor) {
		this.card.editor = editor;
		this.card.querySelector(".text").hidden = !!editor;
		this.card.querySelector('[data-act="edit"]').setAttribute("aria-expanded", !!editor);
	}

	get key() { return `draft.${this.app.id}.${this.card.segment.id}`; }

	get value() {
		return { text: this.text.value.replace(/\s*\n\s*/g, " ").trim(), voice: this.voice.value, speaker: this.speaker.value.trim() || null };
	}

	#set({ text, voice, speaker }) {
		this.text.value = text;
		this.voice.value = voice;
		this.speaker.value = speaker ?? "";
	}

	isDirty() { return !isSame(this.value, this.base); }

	#keep() {
		if (this.stored !== this.key) this.#forget();
		this.stored = this.key;
		memory.set(this.key, { ...this.value, base: this.base });
	}

	#forget() {
		if (this.stored) memory.drop(this.stored);
		this.stored = null;
	}

	#tell(text) { this.form.querySelector(".problem").textContent = text; }

	#key(event) {
		if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.save();
		else if (event.key === "Escape") this.act("cancel");
		else return;
		event.preventDefault();
	}

	/** Do what one of its buttons says. */
	act(name) {
		const { app, text, card: { segment } } = this;
		const i = app.doc.segments.findIndex((s) => s.id === segment.id);
		const { length } = app.doc.segments;
		({
			hear: () => this.#guarded(() => app.hear({ segment: segment.id, text: this.value.text, voice: this.value.voice })),
			cancel: () => this.close(),
			word: () => app.sayAs(segment, text.value.slice(text.selectionStart, text.selectionEnd).trim() || segment.unknown[0]),
			mine: () => { this.base = seenOf(segment); this.save(); },
			theirs: () => this.close(),
			split: () => this.#change("split", "split in two", { at: [...segment.text.slice(0, text.selectionStart)].length }),
			join: () => this.#change("join", "joined"),
			up: () => (i ? this.#change("move", "moved up", { before: app.doc.segments[i - 1].id }) : announce("It is the first already")),
			down: () => (i + 1 < length ? this.#change("move", "moved down", { before: app.doc.segments[i + 2]?.id ?? null }) : announce("It is the last already")),
			leave: () => this.#change("leave_out", "left out; Source can restore it"),
		})[name]();
	}

	/** The segment is another by now: by this editor, or by somebody else. */
	rebind(segment) {
		const now = seenOf(segment);
		if (this.isBusy || isSame(now, this.base)) return;
		if (isSame(this.value, now)) return this.close();
		if (!this.isDirty()) {
			this.base = now;
			return this.#set(now);
		}
		this.#keep();
		const show = (name, text) => { this.form.querySelector(name).textContent = text; };
		show(".theirs", now.text);
		show(".cast", `${now.voice}${now.speaker ? `, ${now.speaker}` : ""}`);
		show(".mine", this.value.text);
		this.form.querySelector(".conflict").hidden = false;
		announce(`Segment ${segment.number} was changed by somebody else meanwhile: both versions are shown`, true);
	}

	/** Forget what was typed, and show the segment as it is. */
	close() {
		const hadFocus = this.form.contains(document.activeElement);
		this.#forget();
		this.form.remove();
		this.#attach(null);
		if (hadFocus) this.card.querySelector('[data-act="edit"]').focus();
	}

	/** The segment is gone; what was typed is shown above the segments. */
	orphan() {
		if (this.isDirty() && !this.isBusy) this.#keep();
		else this.#forget();
	}

	/** Save what differs, and hear it. */
	async save() {
		const { value, card } = this;
		if (!value.text) return this.#tell("There are no words. To drop it, leave it out.");
		this.form.querySelector(".conflict").hidden = true;
		const isSaved = await this.#guarded(async () => {
			for (const [op, name] of STEPS) {
				if (value[name] === this.base[name]) continue;
				if (!await this.app.fix(op, card.segment, { [name]: value[name] }, this.base)) return false;
				this.base = seenOf(card.segment);
			}
			return true;
		}, () => this.save());
		if (!isSaved && !(card.isConnected && isSame(value, seenOf(card.segment)))) return;
		this.close();
		card.querySelector('[data-act="approve"]').focus();
		this.app.hearFixed(card.segment);
	}

	/** Run one thing at a time. If nobody answers, `again` is run as soon as somebody does. */
	async #guarded(run, again = null) {
		if (this.isBusy) return null;
		this.isBusy = true;
		this.form.setAttribute("aria-busy", "true");
		this.#tell("");
		try {
			return await run();
		} catch (error) {
			const isWaiting = again && error instanceof Unreachable;
			if (isWaiting) this.app.whenBack(() => this.card.editor === this && again());
			this.#tell(isWaiting ? "The server does not answer. Your words are kept here, and saved as soon as it is back." : error.message);
			return null;
		} finally {
			this.isBusy = false;
			this.form.removeAttribute("aria-busy");
			if (this.card.editor === this && this.card.isConnected) this.rebind(this.card.segment);
		}
	}

	async #change(op, said, extra = {}) {
		if (this.isDirty()) return this.#tell("Save or cancel what you have typed first.");
		const { card } = this;
		const { number } = card.segment;
		if (!await this.#guarded(() => this.app.fix(op, card.segment, extra, this.base))) return;
		if (op !== "move") this.close();
		announce(`Segment ${number}: ${said}`);
	}
}

/** Open an editor for each draft of this episode. */
export function restoreDrafts(app) {
	for (const id of memory.under(`draft.${app.id}.`)) {
		const card = app.segment(id) && app.cards.get(id);
		if (card && !card.editor) new Editor(app, card, memory.get(`draft.${app.id}.${id}`));
	}
}

/** Show what was typed in segments that are gone by now. */
export function showOrphans(app) {
	const lost = memory.under(`draft.${app.id}.`).filter((id) => !app.segment(id));
	$("orphans").hidden = !lost.length;
	$("orphans").replaceChildren(...lost.map((id) => el("li", {}, "You were writing in a segment that is gone by now: ",
		el("q", {}, memory.get(`draft.${app.id}.${id}`).text), " ",
		button("Discard", { onclick: () => { memory.drop(`draft.${app.id}.${id}`); showOrphans(app); $("segments").focus(); } }))));
}
