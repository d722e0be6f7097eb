/** "Say it as": how one word is said, heard before it is saved; here, in this episode, or everywhere. */

import { $, announce, count, openDialog, words } from "./dom.js";
import { get, post } from "./api.js";

const ASKED_AFTER_MS = 150;

export class SayAs {
  constructor(app) {
    this.app = app;
    this.dialog = $("say-as");
    this.segment = null;
    this.counts = null;
    $("sa-word").addEventListener("input", () => this.#askSoon());
    this.dialog.querySelectorAll('[name="how"]').forEach((r) => r.addEventListener("change", () => this.#showHow()));
    $("sa-hear").addEventListener("click", () => this.#try(() => this.#hear()));
    $("sa-as").addEventListener("keydown", (e) => { if (e.key === "Enter" && !e.ctrlKey && !e.metaKey) { e.preventDefault(); $("sa-hear").click(); } });
    this.dialog.addEventListener("keydown", (e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); this.#try(() => this.#save()); } });
    this.dialog.querySelector("form").addEventListener("submit", (e) => { e.preventDefault(); this.#try(() => this.#save()); });
  }

  open(segment, word = "") {
    this.segment = segment;
    $("sa-word").value = word;
    $("sa-as").value = "";
    this.dialog.querySelector('[value="say"]').checked = true;
    this.#tell("");
    words($("sa-heard"), "");
    this.#showHow();
    openDialog(this.dialog, () => this.back?.());
    (word ? $("sa-as") : $("sa-word")).focus();
    this.#ask();
  }

  #chosen(name) { return this.dialog.querySelector(`[name="${name}"]:checked`).value; }

  #showHow() {
    const how = this.#chosen("how");
    $("sa-as-row").hidden = how === "letters";
    words($("sa-as-label"), how === "ipa" ? "In IPA" : "Said as");
  }

  #askSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), ASKED_AFTER_MS);
  }

  /** Show in how many segments the word stands, before anything is changed. */
  async #ask() {
    const word = $("sa-word").value.trim();
    this.counts = null;
    for (const name of ["here", "episode", "show"]) words($(`sa-${name}`), "");
    if (!word) return;
    try {
      const counts = await get(`${this.app.base}/count?word=${encodeURIComponent(word)}&segment=${encodeURIComponent(this.segment.id)}`);
      if (word !== $("sa-word").value.trim()) return;
      this.counts = counts;
      words($("sa-here"), counts.here ? "1 segment" : "not in this segment");
      words($("sa-episode"), count(counts.episode, "segment"));
      words($("sa-show"), `${count(counts.show.segments, "segment")} in ${count(counts.show.episodes, "episode")}`);
    } catch (error) {
      this.#tell(error.message);
    }
  }

  /** @returns {{word: string, say?: string, ipa?: string, letters?: boolean}} */
  #entry() {
    const how = this.#chosen("how");
    const word = $("sa-word").value.trim();
    const said = $("sa-as").value.trim();
    if (!word) throw new Error("Which word?");
    if (how !== "letters" && !said) throw new Error("How is it said? Write it as it sounds, for instance Lahv-roff.");
    return { word, [how]: how === "letters" ? true : said };
  }

  async #hear() {
    words($("sa-heard"), "Speaking …");
    const spoken = await this.app.hear({ segment: this.segment.id, ...this.#entry() });
    words($("sa-heard"), `“${spoken}”`);
  }

  async #save() {
    const scope = this.#chosen("scope");
    const entry = this.#entry();
    const expected = scope === "show" ? this.counts?.show.segments : this.counts?.[scope];
    try {
      const answer = await post(`${this.app.base}/word`, { ...entry, scope, segment: this.segment.id, expected: expected ?? 0 });
      const { number } = this.segment;
      this.app.setDocument(answer.document);
      const now = this.app.segment(this.segment.id) ?? this.app.doc.segments[number - 1];
      this.back = () => this.app.cards.get(now.id)?.querySelector('[data-act="approve"]');
      this.dialog.close();
      this.back = null;
      announce(`“${entry.word}” is said otherwise in ${count(answer.changed, "segment")}`);
      if (answer.clip_url) this.app.hearFixed(now);
    } catch (error) {
      if (error.status !== 409) throw error;
      if (error.body.document) this.app.setDocument(error.body.document);
      await this.#ask();
      throw new Error(`${error.message}. The numbers are shown anew: save again if they are right.`);
    }
  }

  async #try(run) {
    if (this.isBusy) return;
    this.isBusy = true;
    this.#tell("");
    try {
      await run();
    } catch (error) {
      words($("sa-heard"), "");
      this.#tell(error.message);
    } finally {
      this.isBusy = false;
    }
  }

  #tell(text) { words($("sa-problem"), text); }
}
