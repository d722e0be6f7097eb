/** A segment edited in place; what is typed outlives a reload, a lost server, and others. */

import { $, actOf, button, el, focused, memory, tell } from "./dom.js";

export const seenOf = ({ text, voice, speaker }) => ({ text, voice, speaker });
const isSame = (a, b) => a.text === b.text && a.voice === b.voice && a.speaker === b.speaker;
/** A speaker brings a voice along, so the voice that is wanted comes after it; then the words. */
const STEPS = [["speaker", "speaker"], ["voice", "voice"], ["words", "text"]];

export class Editor {
	constructor(app, card, draft = null) {
		this.form = $("editor").content.firstElementChild.cloneNode(true);
		const { text, voice, speaker } = this.form.elements;
		Object.assign(this, { app, card, text, voice, speaker, base: draft?.base ?? seenOf(card.segment), stored: null });
		this.form.ariaLabel = `Segment ${card.segment.number}`;
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
		actOf(this.card, "edit").setAttribute("aria-expanded", !!editor);
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

	act(name) {
		const { app, text, card: { segment } } = this;
		const list = app.doc.segments;
		const i = list.indexOf(segment);
		const move = (before, where) => (before === undefined ? tell(`Segment ${segment.number} cannot move ${where}`) : this.#change("move", `moved ${where}`, { before }));
		({
			hear: () => this.#guarded(() => app.hear({ segment: segment.id, text: this.value.text, voice: this.value.voice })),
			cancel: () => text.readOnly || this.close(),
			word: () => app.sayAs(segment, text.value.slice(text.selectionStart, text.selectionEnd).trim() || segment.unknown[0]),
			mine: () => { this.base = seenOf(segment); this.save(); },
			theirs: () => this.close(),
			split: () => this.#change("split", "split in two", { at: [...segment.text.slice(0, text.selectionStart)].length }),
			join: () => this.#change("join", "joined"),
			up: () => move(list[i - 1]?.id, "up"),
			down: () => move(list[i + 1] && (list[i + 2]?.id ?? null), "down"),
			leave: () => this.#change("leave_out", "left out. U brings it back, and so does Restore in Source"),
		})[name]();
	}

	rebind(segment) {
		const now = seenOf(segment);
		if (this.isBusy || isSame(now, this.base)) return;
		if (isSame(this.value, now)) return this.close();
		if (!this.isDirty()) {
			this.base = now;
			return this.#set(now);
		}
		this.#keep();
		const shown = { theirs: now.text, cast: `${now.voice}, ${now.speaker ?? "nobody is quoted"}`, mine: this.value.text };
		for (const [name, text] of Object.entries(shown)) this.form.querySelector(`.${name}`).textContent = text;
		this.form.querySelector(".conflict").hidden = false;
		tell(`Segment ${segment.number} was changed by somebody else: both versions are shown`, true);
	}

	close() {
		const hadFocus = this.form.contains(focused());
		this.#forget();
		this.form.remove();
		this.#attach(null);
		if (hadFocus) actOf(this.card, "edit").focus();
	}

	orphan() {
		if (this.isDirty() && !this.isBusy) this.#keep();
		else this.#forget();
	}

	async save() {
		const { value, card, text } = this;
		if (this.isBusy) return;
		if (!value.text) return this.#tell("There are no words. To drop it, leave it out.");
		this.form.querySelector(".conflict").hidden = true;
		const steps = STEPS.filter(([, name]) => value[name] !== this.base[name]);
		// What is typed now would be lost.
		text.readOnly = true;
		const isDone = await this.#guarded(async () => {
			for (const [op, name] of steps) {
				if (!await this.app.fix(op, card.segment, { [name]: value[name] }, this.base)) return false;
				this.base = seenOf(card.segment);
			}
			return true;
		}, () => this.save());
		text.readOnly = false;
		// Done as well, if somebody else has written the very same, or an answer was lost.
		if (!isDone && (!card.isConnected || !isSame(value, seenOf(card.segment)))) return;
		this.close();
		actOf(card, "approve").focus();
		this.app.hearFixed(card.segment);
	}

	async #guarded(run, again = null) {
		if (this.isBusy) return null;
		this.isBusy = true;
		this.form.setAttribute("aria-busy", "true");
		this.#tell("");
		try {
			return await run();
		} catch (error) {
			const waits = again && error.status === 0;
			if (waits) this.app.whenBack(() => this.card.editor === this && again());
			tell("");
			this.#tell(error.message + (waits ? ". Your words are kept, and saved as soon as it is back." : ""));
			return null;
		} finally {
			this.isBusy = false;
			this.form.removeAttribute("aria-busy");
			if (this.card.editor === this) this.rebind(this.card.segment);
		}
	}

	async #change(op, said, extra = {}) {
		if (this.isDirty()) return this.#tell("Save or cancel what you have typed first.");
		const { app, card, card: { segment } } = this;
		if (!await this.#guarded(() => app.fix(op, segment, extra, this.base))) return;
		if (op !== "move") this.close();
		if (op === "leave_out") app.left = { segment, focus: focused() };
		app.done(`Segment ${segment.number}: ${said}`);
	}
}

/** What is still typed: in its segment, or beside, if that is gone by now. */
export function showDrafts(app, isFirst) {
	const lost = memory.under(`draft.${app.id}.`).filter((id) => {
		const card = app.segment(id) && app.cards.get(id);
		if (card && isFirst) new Editor(app, card, memory.get(`draft.${app.id}.${id}`));
		return !card;
	});
	$("orphans").hidden = !lost.length;
	$("orphans").replaceChildren(...lost.map((id) => el("li", {}, "Written in a segment that is gone: ",
		el("q", {}, memory.get(`draft.${app.id}.${id}`).text), " ",
		button("Discard", {}, () => { memory.drop(`draft.${app.id}.${id}`); showDrafts(app); $("segments").focus(); }))));
}
