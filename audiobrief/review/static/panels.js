/** Beside the script: source, checks, words, chapters. */

import { $, attr, button, clock, count, el, memory, words } from "./dom.js";
import { post } from "./api.js";

const WIDE = matchMedia("(min-width: 64rem)");
const SCOPES = { here: "here only", episode: "in this episode", show: "everywhere" };

export class Panels {
	constructor(app) {
		Object.assign(this, { app, rows: new Map(), stamps: {} });
		this.views = document.querySelectorAll(".views button");
		$("say-any").onclick = () => app.sayAs(app.current(), "");
		for (const b of this.views) b.onclick = () => this.show(b.dataset.view);
		WIDE.onchange = () => this.show(document.body.dataset.view);
		$("panel").onclick = ({ target }) => {
			const { goto: id, restore } = target.closest("[data-goto], [data-restore]")?.dataset ?? {};
			if (id) app.goTo(id);
			else if (restore) this.#restore(Number(restore));
		};
	}

	show(view) {
		const isBeside = ["source", "checks", "words"].includes(view);
		if (isBeside) memory.set("panel", view);
		const shown = WIDE.matches && !isBeside ? memory.get("panel") ?? "source" : view;
		document.body.dataset.view = shown;
		for (const b of this.views) attr(b, "aria-pressed", b.dataset.view === shown);
	}

	sync(doc) {
		const found = doc.segments.flatMap((s) => s.concerns.map((c) => ({ ...c, segment: s.id, number: s.number }))).sort((a, b) => b.score - a.score);
		const isNew = (name, value) => this.stamps[name] !== (this.stamps[name] = JSON.stringify(value));
		if (isNew("source", [doc.ledger, doc.articles])) setTimeout(() => this.#showSource(doc));
		if (isNew("checks", [doc.checks, doc.loudness, doc.sound, found])) this.#showChecks(doc, found);
		if (isNew("words", doc.words)) this.#showWords(doc);
		if (isNew("chapters", doc.chapters)) this.#showChapters(doc);
	}

	#showSource({ ledger, articles }) {
		words("dropped", `${ledger.filter((row) => !row.segments.length).length} of ${count(ledger.length, "sentence")} not spoken`);
		this.rows.clear();
		$("source").replaceChildren(...ledger.flatMap((row, n) => [row.article === ledger[n - 1]?.article ? "" : heading(articles[row.article] ?? {}), this.#row(row)]));
	}

	#row(row) {
		const made = row.segments.length ? el("li", {}, link(row.segments[0], row.text))
			: el("li", { class: "dropped" }, el("del", { dir: "auto" }, row.text), el("p", {}, `not spoken: ${row.reason} `,
				button("Restore", { class: "small", "data-restore": row.row, "aria-label": `Restore: ${row.text.slice(0, 80)}` })));
		for (const id of row.segments) this.rows.set(id, [...(this.rows.get(id) ?? []), made]);
		return made;
	}

	async #restore(row) {
		const answer = await this.app.attempt(() => this.app.fix("restore", null, { row }));
		if (!answer) return;
		if (answer.segments[0]) this.app.goTo(answer.segments[0].id);
		this.app.done("Restored: it is spoken now");
	}

	setNow(segment, follows) {
		const now = this.rows.get(segment?.id) ?? [];
		for (const row of this.now ?? []) row.classList.remove("now");
		for (const row of now) row.classList.add("now");
		this.now = now;
		if (follows) now[0]?.scrollIntoView({ block: "nearest" });
		const { chapters } = this.app.doc;
		const chapter = chapters.findLastIndex((c) => c.start_ms <= (segment?.start_ms ?? 0) + 10);
		if (chapters.length) $("chapters").querySelectorAll("button").forEach((b, i) => attr(b, "aria-current", i === chapter ? "true" : null));
	}

	#showChecks({ loudness: l, sound, checks }, found) {
		words("loudness", `${decibels(l.integrated_lufs)} LUFS · ${decibels(l.true_peak_dbtp)} dBTP`);
		words("fact-loudness", `${decibels(l.integrated_lufs)} LUFS, asked ${decibels(l.target_lufs)}`);
		words("fact-peak", `${decibels(l.true_peak_dbtp)} dBTP, at most ${decibels(l.ceiling_dbtp)}`);
		words("fact-sound", sound ? `${clock(sound.duration_ms / 1000)}, ${(sound.bytes / 1e6).toFixed(1)} MB` : "none yet");
		words("found-title", found.length ? "Worth a second look" : "Nothing looks wrong");
		$("rules").replaceChildren(...checks.map((c) => el("li", { "data-level": c.level }, el("b", {}, c.level), " ", c.segment ? link(c.segment, c.text) : c.text)));
		$("found").replaceChildren(...found.slice(0, 200).map((f) => el("li", {}, link(f.segment, `${f.number}: ${f.text}`))));
	}

	#showWords({ words: entries }) {
		const say = (w) => (w.letters ? "letter by letter" : w.say ? `“${w.say}”` : `/${w.ipa}/`);
		$("no-words").hidden = entries.length > 0;
		$("words").replaceChildren(...entries.map((w) => el("li", {},
			el("p", {}, el("b", { dir: "auto" }, w.word), ` ${say(w)} `, el("span", { class: "soft" }, SCOPES[w.scope])),
			button("Remove", { class: "small", "aria-label": `Remove ${w.word}` }, () => this.#remove(w)))));
	}

	async #remove({ word, scope, segment }) {
		const answer = await this.app.attempt(() => post(`${this.app.base}/word/remove`, { word, scope, segment: segment ?? "" }));
		if (!answer) return;
		this.app.changed(answer);
		$("say-any").focus();
		this.app.done(`“${word}” is said as before`);
	}

	#showChapters({ chapters }) {
		document.body.classList.toggle("no-chapters", !chapters.length);
		$("chapters").querySelector("ol").replaceChildren(...chapters.map((c) => el("li", {},
			button([el("span", { class: "number soft" }, clock(c.start_ms / 1000)), ` ${c.title}`], { class: "plain" }, () => this.app.playAt(c.start_ms / 1000)))));
	}
}

const heading = ({ headline, byline, outlet, url }) => el("li", { class: "heading" }, el("h3", { dir: "auto" }, headline),
	el("p", { class: "soft" }, [byline, outlet].filter(Boolean).join(", "), " ", /^https?:/.test(url) && el("a", { href: url, target: "_blank" }, "original page")));

const link = (id, text) => button(text, { class: "plain", "data-goto": id, dir: "auto" });

const decibels = (value) => value.toFixed(1).replace("-", "\u2212");
