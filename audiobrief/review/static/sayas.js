/** How one word is said: heard before it is saved. */

import { $, actOf, tell, count, openDialog, words } from "./dom.js";
import { get, post } from "./api.js";

export class SayAs {
	constructor(app) {
		this.app = app;
		this.dialog = $("say-as");
		this.form = this.dialog.querySelector("form");
		$("sa-word").oninput = () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.#ask(), 150); };
		this.dialog.onchange = () => this.#showHow();
		$("sa-hear").onclick = () => this.#try(() => this.#hear());
		this.form.onsubmit = (event) => { event.preventDefault(); this.#try(() => this.#save()); };
		this.dialog.onkeydown = (event) => {
			if (event.key !== "Enter" || event.target.type === "button" || event.target.type === "submit") return;
			event.preventDefault();
			this.#try(() => (event.ctrlKey || event.metaKey ? this.#save() : this.#hear()));
		};
	}

	open(segment, word = "") {
		Object.assign(this, { segment, after: null });
		this.form.reset();
		$("sa-word").value = word;
		for (const name of ["problem", "heard"]) words(`sa-${name}`, "");
		this.#showHow();
		openDialog(this.dialog, () => this.after);
		$(word ? "sa-as" : "sa-word").focus();
		this.#ask();
	}

	#chosen(name) { return this.form.elements[name].value; }

	#showHow() {
		$("sa-as-row").hidden = this.#chosen("how") === "letters";
		words("sa-as-label", this.#chosen("how") === "ipa" ? "In IPA" : "Said as");
	}

	async #ask() {
		const word = $("sa-word").value.trim();
		this.counts = null;
		for (const name of ["here", "episode", "show"]) words(`sa-${name}`, "");
		if (!word) return;
		const counts = await this.app.attempt(() => get(`${this.app.base}/count?${new URLSearchParams({ word, segment: this.segment.id })}`));
		if (!counts || word !== $("sa-word").value.trim()) return;
		this.counts = { ...counts, show: counts.show.segments };
		for (const name of ["here", "episode", "show"]) words(`sa-${name}`, count(this.counts[name], "segment"));
		$("sa-show").append(` in ${count(counts.show.episodes, "episode")}`);
	}

	#entry() {
		const how = this.#chosen("how");
		const word = $("sa-word").value.trim();
		const said = how === "letters" || $("sa-as").value.trim();
		if (!word) throw new Error("Which word?");
		if (!said) throw new Error("How is it said? Such as: Lahv-roff");
		return { segment: this.segment.id, word, [how]: said };
	}

	async #hear() {
		words("sa-heard", "Speaking …");
		words("sa-heard", `“${await this.app.hear(this.#entry())}”`);
	}

	async #save() {
		const scope = this.#chosen("scope");
		const entry = this.#entry();
		const { app, segment } = this;
		try {
			const answer = await post(`${app.base}/word`, { ...entry, scope, expected: this.counts?.[scope] ?? 0 });
			app.setDocument(answer.document);
			const now = app.segment(segment.id) ?? app.doc.segments[segment.number - 1];
			this.after = actOf(app.cards.get(now.id), "approve");
			this.dialog.close();
			if (now.clip !== segment.clip) app.hearFixed(now);
			tell(`“${entry.word}” is another in ${count(answer.changed, "segment")}`);
		} catch (error) {
			if (error.status !== 409) throw error;
			if (error.body.document) app.setDocument(error.body.document);
			await this.#ask();
			throw new Error(`${error.message}. Save again if the numbers are right.`);
		}
	}

	async #try(run) {
		if (this.isBusy) return;
		this.isBusy = true;
		words("sa-problem", "");
		try {
			await run();
		} catch (error) {
			words("sa-heard", "");
			words("sa-problem", error.message);
		} finally {
			this.isBusy = false;
		}
	}
}
