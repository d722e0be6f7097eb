/** How one word is said: heard before it is saved. */

import { $, actOf, count, openDialog, words } from "./dom.js";
import { get, post } from "./api.js";

const SCOPES = ["here", "episode", "show"];

export class SayAs {
	constructor(app) {
		this.app = app;
		this.dialog = $("say-as");
		this.form = $("say-as-form");
		$("sa-word").oninput = () => {
			this.#forget();
			this.timer = setTimeout(() => this.#ask(), 150);
		};
		// Enter is the first of the buttons: it is heard.
		this.form.onsubmit = (event) => {
			event.preventDefault();
			this.#try(() => (event.submitter === $("sa-save") ? this.#save() : this.#hear()));
		};
		this.form.onkeydown = (event) => {
			if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
			event.preventDefault();
			this.form.requestSubmit($("sa-save"));
		};
	}

	open(segment, word = "") {
		Object.assign(this, { segment, after: null });
		this.form.reset();
		$("sa-word").value = word;
		for (const name of ["problem", "heard"]) words(`sa-${name}`, "");
		openDialog(this.dialog, () => this.after);
		$(word ? "sa-as" : "sa-word").focus();
		this.#ask();
	}

	#chosen(name) { return this.form.elements[name].value.trim(); }

	#forget() {
		clearTimeout(this.timer);
		this.counts = null;
		for (const name of SCOPES) words(`sa-${name}`, "");
	}

	async #ask() {
		this.#forget();
		const word = this.#chosen("sa-word");
		const counts = word && await this.app.attempt(() => get(`${this.app.base}/count?${new URLSearchParams({ word, segment: this.segment.id })}`));
		if (!counts || word !== this.#chosen("sa-word")) return;
		this.counts = { ...counts, show: counts.show.segments };
		for (const name of SCOPES) words(`sa-${name}`, count(this.counts[name], "segment"));
		$("sa-show").append(` in ${count(counts.show.episodes, "episode")}`);
	}

	#entry() {
		const how = this.#chosen("how");
		const word = this.#chosen("sa-word");
		const said = how === "letters" || this.#chosen("sa-as");
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
		if (!this.counts) {
			await this.#ask();
			throw new Error("The numbers were not there yet. Save again if they are right.");
		}
		const expected = this.counts[scope];
		if (!expected && scope !== "show") throw new Error(`“${entry.word}” is not in this ${scope === "here" ? "segment" : "episode"}`);
		try {
			const answer = await post(`${app.base}/word`, { ...entry, scope, expected });
			app.changed(answer);
			const now = app.segment(segment.id) ?? app.doc.segments[segment.number - 1];
			this.after = actOf(app.cards.get(now.id), "approve");
			this.dialog.close();
			if (now.clip !== segment.clip) app.hearFixed(now);
			app.done(`“${entry.word}” is said otherwise in ${count(answer.changed, "segment")}`);
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
