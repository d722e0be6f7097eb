/** A segment edited in its place: words, voice, speaker, split, join, order; a draft outlives a reload and a lost server. */

import { $, announce, el, memory } from "./dom.js";
import { Unreachable } from "./api.js";

export class Editor {
  /** @param app the page @param card the segment's card @param draft what was typed before, if anything */
  constructor(app, card, draft = null) {
    Object.assign(this, { app, card, isSaving: false });
    this.base = seenOf(card.segment);
    if (draft) {
      this.base = draft.base;
      this.stored = this.key;
    }
    this.form = el("form", { class: "editor", onsubmit: (e) => { e.preventDefault(); this.save(); } });
    this.#build(draft ?? seenOf(card.segment));
    card.editor = this;
    card.querySelector(".text").hidden = true;
    card.querySelector(".body").append(this.form);
    card.querySelector('[data-act="edit"]').setAttribute("aria-expanded", "true");
    if (draft) this.rebind(card.segment);
  }

  get key() { return `draft.${this.app.id}.${this.card.segment.id}`; }

  get segment() { return this.card.segment; }

  #build(value) {
    const { number } = this.segment;
    const act = (label, run, extra = {}) => el("button", { type: "button", onclick: run, ...extra }, label);
    this.text = el("textarea", { "aria-label": `Words of segment ${number}`, dir: "auto", rows: 2, maxlength: 5000, oninput: () => this.#typed() });
    this.text.value = value.text;
    this.voice = el("select", { onchange: () => this.#typed() }, ...this.app.doc.voices.map((v) => el("option", { value: v.name }, v.name)));
    if (!this.app.doc.voices.some((v) => v.name === value.voice)) this.voice.prepend(el("option", { value: value.voice }, value.voice));
    this.voice.value = value.voice;
    this.speaker = el("input", { list: "speakers", autocomplete: "off", oninput: () => this.#typed() });
    this.speaker.value = value.speaker ?? "";
    this.problem = el("p", { class: "problem", role: "alert" });
    this.clash = el("div", { class: "conflict", hidden: true });
    this.form.append(
      this.text, this.clash, this.problem,
      el("p", { class: "row" },
        el("button", { class: "main", title: "Ctrl+Enter" }, "Save and hear"), act("Hear it first", () => this.hear()),
        act("Cancel", () => this.cancel(), { title: "Esc" }), act("Say a word as …", () => this.#sayAs(), { "aria-haspopup": "dialog" })),
      el("div", { class: "row", role: "group", "aria-label": `More for segment ${number}` },
        el("label", {}, "Voice ", this.voice), el("label", {}, "Speaker ", this.speaker)),
      el("div", { class: "row", role: "group", "aria-label": `Place of segment ${number}` },
        act("Split at the cursor", () => this.split()), act("Join with the next", () => this.#change("join", "Joined")),
        act("Move up", () => this.#move(-1)), act("Move down", () => this.#move(1)), act("Leave out", () => this.#leaveOut())));
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.save(); }
      if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.cancel(); }
    });
  }

  value() {
    return { text: this.text.value.replace(/\s*\n\s*/g, " ").trim(), voice: this.voice.value, speaker: this.speaker.value.trim() || null };
  }

  isDirty() {
    const value = this.value();
    return ["text", "voice", "speaker"].some((name) => value[name] !== this.base[name]);
  }

  #typed() {
    if (this.isDirty()) this.#keep();
    else this.#forget();
  }

  #keep() {
    if (this.stored !== this.key) this.#forget();
    this.stored = this.key;
    memory.set(this.key, { ...this.value(), base: this.base });
  }

  #forget() {
    memory.drop(this.stored ?? this.key);
    this.stored = null;
  }

  focus() { this.text.focus(); }

  /** The segment is another by now: by this editor, or by somebody else. */
  rebind(segment) {
    const now = seenOf(segment);
    if (this.isSaving || same(now, this.base)) return;
    const mine = this.value();
    if (same(mine, now)) return this.close();
    if (!this.isDirty()) {
      this.base = now;
      this.text.value = now.text;
      this.voice.value = now.voice;
      this.speaker.value = now.speaker ?? "";
      return;
    }
    this.#keep();
    this.#showClash(now);
  }

  #showClash(theirs) {
    const cast = [theirs.voice !== this.base.voice && `voice ${theirs.voice}`, theirs.speaker !== this.base.speaker && `speaker ${theirs.speaker ?? "none"}`].filter(Boolean);
    this.clash.replaceChildren(
      el("p", {}, el("b", {}, "Somebody else changed this segment meanwhile.")),
      el("p", {}, "Theirs: ", el("q", { class: "theirs" }, theirs.text), cast.length ? ` (${cast.join(", ")})` : ""),
      el("p", {}, "Yours: ", el("q", { class: "mine" }, this.value().text)),
      el("p", { class: "row" },
        el("button", { type: "button", class: "main", onclick: () => { this.base = theirs; this.clash.hidden = true; this.save(); } }, "Keep mine"),
        el("button", { type: "button", onclick: () => this.close() }, "Take theirs")));
    this.clash.hidden = false;
    announce(`Segment ${this.segment.number} was changed by somebody else meanwhile: both versions are shown`, { bad: true });
  }

  cancel() {
    this.close();
    announce("Left as it was");
  }

  close() {
    this.#forget();
    const hadFocus = this.form.contains(document.activeElement);
    this.form.remove();
    this.card.editor = null;
    this.card.querySelector(".text").hidden = false;
    const edit = this.card.querySelector('[data-act="edit"]');
    edit.setAttribute("aria-expanded", "false");
    if (hadFocus) edit.focus();
  }

  /** The segment is gone: what was typed is kept on the page. */
  orphan() {
    if (this.isDirty() && !this.isSaving) this.#keep();
    else this.#forget();
  }

  /** Hear the words as they stand here; nothing is saved. */
  hear() {
    const { text, voice } = this.value();
    return this.#guarded(() => this.app.hear({ segment: this.segment.id, text, voice }));
  }

  /** Save what differs, and hear it. @returns {Promise<boolean>} whether it is saved */
  async save({ hear = true } = {}) {
    const value = this.value();
    if (!value.text) {
      this.problem.textContent = "There are no words: leave the segment out instead.";
      return false;
    }
    // Voice and speaker first: the new words are then spoken once, by the right voice.
    const steps = [["voice", { voice: value.voice }], ["speaker", { speaker: value.speaker }], ["words", { text: value.text }]]
      .filter(([op]) => value[FIELD[op]] !== this.base[FIELD[op]]);
    const isSaved = await this.#guarded(() => this.#steps(steps, value), () => this.save({ hear }));
    if (!isSaved) return false;
    const { segment } = this;
    this.close();
    this.card.querySelector('[data-act="approve"]').focus();
    if (hear) this.app.hearFixed(segment);
    return true;
  }

  async #steps(steps) {
    const value = this.value();
    for (const [op, extra] of steps) {
      const answer = await this.app.fix(op, this.segment, extra, { seen: this.base });
      if (!answer) {
        this.isSaving = false;
        if (this.card.isConnected && this.card.editor === this) this.rebind(this.segment);
        return this.card.editor !== this && same(value, seenOf(this.segment));
      }
      this.base = seenOf(this.segment);
    }
    return true;
  }

  /** Run one thing at a time; a server that is gone is waited for. */
  async #guarded(run, again = null) {
    if (this.isSaving) return false;
    this.isSaving = true;
    this.problem.textContent = "";
    this.form.setAttribute("aria-busy", "true");
    try {
      return await run();
    } catch (error) {
      const waits = error instanceof Unreachable && again;
      if (waits) this.app.whenBack(() => this.card.editor === this && again());
      this.problem.textContent = waits ? "The server does not answer. Your words are kept here and saved as soon as it is back." : error.message;
      return false;
    } finally {
      this.isSaving = false;
      this.form.removeAttribute("aria-busy");
    }
  }

  async split() {
    const at = this.text.selectionStart;
    if (this.isDirty()) {
      this.problem.textContent = "Save the words first, then split.";
      return;
    }
    const points = [...this.segment.text.slice(0, at)].length;
    await this.#change("split", "Split in two", { at: points });
  }

  #move(by) {
    const list = this.app.doc.segments;
    const to = list.indexOf(list.find((s) => s.id === this.segment.id)) + by;
    if (to < 0 || to >= list.length) return announce(by < 0 ? "It is the first already" : "It is the last already");
    const before = by < 0 ? list[to].id : list[to + 1]?.id ?? null;
    return this.#change("move", by < 0 ? "Moved up" : "Moved down", { before }, { stays: true });
  }

  #leaveOut() {
    return this.#change("leave_out", "Left out. It can be restored under Source");
  }

  async #change(op, said, extra = {}, { stays = false } = {}) {
    if (this.isDirty()) {
      this.problem.textContent = "Save or cancel what you have typed first.";
      return;
    }
    const { segment, card } = this;
    const next = card.nextElementSibling ?? card.previousElementSibling;
    const answer = await this.#guarded(() => this.app.fix(op, segment, extra, { seen: this.base }));
    if (!answer) return;
    if (!stays && card.editor === this) this.close();
    if (!card.isConnected && next?.isConnected) next.focus();
    else if (!stays) card.focus();
    announce(said);
  }

  #sayAs() {
    const chosen = this.text.value.slice(this.text.selectionStart, this.text.selectionEnd).trim();
    this.app.sayAs(this.segment, chosen || this.segment.unknown[0] || "");
  }
}

const FIELD = { voice: "voice", speaker: "speaker", words: "text" };

export const seenOf = ({ text, voice, speaker }) => ({ text, voice, speaker });
const same = (a, b) => a.text === b.text && a.voice === b.voice && a.speaker === b.speaker;

/** Open an editor for each draft of this episode; what belongs to no segment is shown above the segments. */
export function restoreDrafts(app) {
  const prefix = `draft.${app.id}.`;
  for (const key of memory.keys(prefix)) {
    const draft = memory.get(key);
    const segment = app.segment(key.slice(prefix.length));
    if (segment && draft?.base) {
      const card = app.cards.get(segment.id);
      if (!card.editor) new Editor(app, card, draft);
    }
  }
  showOrphans(app);
}

export function showOrphans(app) {
  const prefix = `draft.${app.id}.`;
  const lost = memory.keys(prefix).filter((key) => !app.segment(key.slice(prefix.length)));
  $("orphans").hidden = !lost.length;
  $("orphans").replaceChildren(...lost.map((key) => el("li", {},
    "You were writing in a segment that is gone by now: ", el("q", {}, memory.get(key)?.text ?? ""), " ",
    el("button", { type: "button", onclick: () => { memory.drop(key); showOrphans(app); $("segments").focus(); } }, "Discard"))));
}
