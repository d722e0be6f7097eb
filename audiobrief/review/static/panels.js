/** Beside the script: the source with what was dropped, the checks, the words, the chapters. */

import { $, announce, attribute, clock, count, el, memory, words } from "./dom.js";
import { post } from "./api.js";

const SLICE = 150;
const WIDE = matchMedia("(min-width: 64rem)");
const LEVELS = { ok: "fine", warn: "look", fail: "wrong" };

export class Panels {
  constructor(app) {
    this.app = app;
    this.rows = new Map();
    document.querySelectorAll(".views [data-view]").forEach((b) => b.addEventListener("click", () => this.show(b.dataset.view)));
    WIDE.addEventListener("change", () => this.show(document.body.dataset.view));
    $("source").addEventListener("click", (event) => this.#click(event));
    $("checks").addEventListener("click", (event) => this.#click(event));
  }

  /** Show one of them; on a wide page the script stands beside it in any case. */
  show(view) {
    const isBeside = ["source", "checks", "words"].includes(view);
    const shown = WIDE.matches && !isBeside ? memory.get("panel") ?? "source" : view;
    if (isBeside) memory.set("panel", view);
    document.body.dataset.view = shown;
    document.querySelectorAll(".views [data-view]").forEach((b) => attribute(b, "aria-pressed", b.dataset.view === shown));
  }

  sync(doc) {
    this.#syncSource(doc);
    this.#syncChecks(doc);
    this.#syncWords(doc);
    this.#syncChapters(doc);
  }

  #changed(name, value) {
    const stamp = JSON.stringify(value);
    this.stamps ??= {};
    if (this.stamps[name] === stamp) return false;
    this.stamps[name] = stamp;
    return true;
  }

  #syncSource(doc) {
    if (!this.#changed("source", [doc.ledger, doc.articles])) return;
    const place = $("source");
    const dropped = doc.ledger.filter((row) => !row.segments.length).length;
    const list = el("ol", { class: "ledger" });
    place.replaceChildren(el("h2", {}, "Source"),
      el("p", { class: "soft" }, dropped ? `${dropped} of ${count(doc.ledger.length, "sentence")} not spoken` : "every sentence is spoken"), list);
    this.rows.clear();
    const fill = (from) => {
      for (const row of doc.ledger.slice(from, from + SLICE)) {
        if (row.article !== doc.ledger[doc.ledger.indexOf(row) - 1]?.article) list.append(this.#heading(doc.articles[row.article]));
        list.append(this.#row(row));
      }
      clearTimeout(this.later);
      if (from + SLICE < doc.ledger.length) this.later = setTimeout(() => fill(from + SLICE), 20);
    };
    fill(0);
  }

  #heading(article) {
    if (!article) return "";
    const by = [article.byline, article.outlet].filter(Boolean).join(", ");
    const link = /^https?:/.test(article.url ?? "") ? el("a", { href: article.url, rel: "noreferrer", target: "_blank" }, "original page") : null;
    return el("li", { class: "heading" }, el("h3", { dir: "auto" }, article.headline), el("p", { class: "soft" }, by, by && link ? " · " : "", link));
  }

  #row(row) {
    if (row.segments.length) {
      const made = el("li", {}, el("button", { type: "button", class: "plain", "data-goto": row.segments[0], dir: "auto" }, row.text));
      for (const id of row.segments) this.rows.set(id, [...(this.rows.get(id) ?? []), made]);
      return made;
    }
    return el("li", { class: "dropped" }, el("del", { dir: "auto" }, row.text),
      el("p", {}, el("span", {}, `not spoken: ${row.reason ?? "no reason given"} `),
        el("button", { type: "button", class: "small", "data-restore": row.row, "aria-label": `Restore: ${row.text.slice(0, 80)}` }, "Restore")));
  }

  /** Mark what is being spoken in the source, too. */
  setNow(segment, { follow }) {
    const now = this.rows.get(segment?.id) ?? [];
    if (this.now === now) return;
    this.now?.forEach((row) => row.classList.remove("now"));
    now.forEach((row) => row.classList.add("now"));
    this.now = now;
    const panel = $("panel");
    if (!now[0] || !follow || panel.scrollHeight <= panel.clientHeight) return;
    const box = now[0].getBoundingClientRect();
    const frame = panel.getBoundingClientRect();
    if (box.top < frame.top || box.bottom > frame.bottom) panel.scrollBy({ top: box.top - frame.top - frame.height / 3 });
  }

  async #click(event) {
    const button = event.target.closest("[data-goto], [data-restore]");
    if (!button) return;
    if (button.dataset.goto) return this.app.goTo(button.dataset.goto);
    const answer = await this.app.change("restore", null, { row: Number(button.dataset.restore) });
    if (!answer) return;
    announce("Restored: it is spoken now");
    if (answer.segments[0]) this.app.goTo(answer.segments[0].id);
  }

  #syncChecks(doc) {
    const found = doc.segments.flatMap((s) => s.concerns.map((c) => ({ ...c, segment: s }))).sort((a, b) => b.score - a.score);
    if (!this.#changed("checks", [doc.checks, doc.loudness, found.map((f) => [f.text, f.segment.id, f.segment.number])])) return;
    const { loudness } = doc;
    const go = (id, text) => el("button", { type: "button", class: "plain", "data-goto": id }, text);
    $("checks").replaceChildren(el("h2", {}, "Checks"),
      el("dl", { class: "facts" }, ...(loudness ? [
        el("dt", {}, "Loudness"), el("dd", { class: "number" }, `${decibels(loudness.integrated_lufs)} LUFS, asked ${decibels(loudness.target_lufs)}`),
        el("dt", {}, "True peak"), el("dd", { class: "number" }, `${decibels(loudness.true_peak_dbtp)} dBTP, at most ${decibels(loudness.ceiling_dbtp)}`)] : []),
        ...(doc.sound ? [el("dt", {}, "Length"), el("dd", { class: "number" }, clock(doc.sound.duration_ms / 1000)),
          el("dt", {}, "Size"), el("dd", { class: "number" }, `${(doc.sound.bytes / 1e6).toFixed(1)} MB`)] : [])),
      el("ul", { class: "checks" }, ...doc.checks.map((c) => el("li", { "data-level": c.level },
        el("b", {}, LEVELS[c.level] ?? c.level), " ", c.segment ? go(c.segment, c.text) : c.text))),
      el("h3", {}, found.length ? "Worth a second look" : "Nothing looks wrong"),
      el("ul", { class: "checks" }, ...found.slice(0, 200).map((f) => el("li", {}, go(f.segment.id, `${f.segment.number}: ${f.text}`)))));
  }

  #syncWords(doc) {
    if (!this.#changed("words", doc.words)) return;
    const where = { here: "here only", episode: "in this episode", show: "everywhere" };
    $("words").replaceChildren(el("h2", {}, "Words"),
      el("p", {}, el("button", { type: "button", "aria-haspopup": "dialog", onclick: () => this.app.sayAs(this.app.current(), "") }, "Say a word as …")),
      doc.words.length ? "" : el("p", { class: "soft" }, "No word is said in a way of its own. Double-click one in the script, or press S."),
      el("ul", { class: "lexicon" }, ...doc.words.map((w) => el("li", {},
        el("p", {}, el("b", { dir: "auto" }, w.word), " ", w.letters ? "letter by letter" : w.ipa ? `/${w.ipa}/` : `“${w.say}”`, " ", el("span", { class: "soft" }, where[w.scope] ?? w.scope)),
        el("button", { type: "button", class: "small", "aria-label": `Remove ${w.word}`, onclick: () => this.#remove(w) }, "Remove")))));
  }

  async #remove(entry) {
    const answer = await this.app.attempt(() => post(`${this.app.base}/word/remove`, { word: entry.word, scope: entry.scope, segment: entry.segment }));
    if (!answer) return;
    this.app.setDocument(answer.document);
    announce(`“${entry.word}” is said as before`);
    $("words").querySelector("button").focus();
  }

  #syncChapters(doc) {
    if (!this.#changed("chapters", doc.chapters)) return;
    const list = $("chapters").querySelector("ol");
    document.body.classList.toggle("no-chapters", !doc.chapters.length);
    list.replaceChildren(...(doc.chapters.length ? doc.chapters.map((c) => el("li", {},
      el("button", { type: "button", class: "plain", onclick: () => this.app.seekAndPlay(c.start_ms / 1000) },
        el("span", { class: "number soft" }, clock(c.start_ms / 1000)), " ", el("span", { dir: "auto" }, c.title))))
      : [el("li", { class: "soft" }, "This episode has no chapters.")]));
  }

  setChapter(chapters, time) {
    let now = -1;
    chapters.forEach((c, i) => { if (c.start_ms / 1000 <= time + 0.01) now = i; });
    $("chapters").querySelectorAll("button").forEach((b, i) => attribute(b, "aria-current", i === now ? "true" : null));
  }
}

const decibels = (value) => (typeof value === "number" ? value.toFixed(1).replace("-", "\u2212") : "?");

/** The line at the top: "-16.0 LUFS, -1.6 dBTP". */
export function showLoudness({ loudness }) {
  words($("loudness"), loudness ? `${decibels(loudness.integrated_lufs)} LUFS · ${decibels(loudness.true_peak_dbtp)} dBTP` : "");
}
