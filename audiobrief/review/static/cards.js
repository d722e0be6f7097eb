/** The segments: one card each, kept and mended rather than made anew, so that neither focus nor a draft is lost. */

import { $, attribute, clock, count, el, words } from "./dom.js";

/** So many cards are made before the first paint; the rest follows in slices. */
const FIRST = 30;
const SLICE = 60;

export class Cards {
  constructor(app) {
    this.app = app;
    this.list = $("cards");
    this.template = $("card").content.firstElementChild;
    /** @type {Map<string, HTMLElement & {segment: any, editor: any}>} */
    this.byId = new Map();
    this.order = [];
    this.list.addEventListener("click", (event) => this.#click(event));
    this.list.addEventListener("dblclick", (event) => this.#double(event));
  }

  /** Show another state of the episode. */
  sync(doc) {
    const focus = this.#focused();
    this.#rekey(doc.segments.map((s) => s.id));
    this.order = doc.segments;
    const ids = new Set(doc.segments.map((s) => s.id));
    for (const [id, card] of this.byId) {
      if (ids.has(id)) continue;
      card.editor?.orphan();
      card.remove();
      this.byId.delete(id);
    }
    this.#fill(this.byId.size ? doc.segments.length : FIRST);
    this.#restore(focus);
  }

  /** A segment that was changed has another id: its card, with what is typed in it, stays. */
  #rekey(ids) {
    const now = new Set(ids);
    const old = this.order.map((s) => s.id);
    const before = new Set(old);
    const gone = new Map();
    old.forEach((id, i) => { if (!now.has(id)) gone.set(anchor(old, i, now), [...(gone.get(anchor(old, i, now)) ?? []), id]); });
    ids.forEach((id, i) => {
      if (before.has(id)) return;
      const from = gone.get(anchor(ids, i, before))?.shift();
      const card = from && this.byId.get(from);
      if (!card) return;
      this.byId.delete(from);
      this.byId.set(id, card);
    });
  }

  #fill(until) {
    clearTimeout(this.later);
    const { order, list } = this;
    const end = Math.min(until, order.length);
    for (let i = 0; i < end; i += 1) {
      const segment = order[i];
      let card = this.byId.get(segment.id);
      if (!card) {
        card = this.template.cloneNode(true);
        this.byId.set(segment.id, card);
      }
      if (list.children[i] !== card) list.insertBefore(card, list.children[i] ?? null);
      this.#show(card, segment);
    }
    list.setAttribute("aria-busy", String(end < order.length));
    if (end < order.length) this.later = setTimeout(() => this.#fill(end + SLICE), 0);
    else this.app.filled();
  }

  /** @returns the card of a segment, made now if it has to be */
  get(id) {
    if (!this.byId.has(id)) this.#fill(this.order.length);
    return this.byId.get(id);
  }

  /** Show one segment again after its verdict changed. */
  update(segment) {
    const card = this.byId.get(segment.id);
    if (card) this.#show(card, segment);
  }

  #show(card, segment) {
    const stamp = JSON.stringify(segment);
    if (card.stamp === stamp) return;
    Object.assign(card, { stamp, segment, id: `s-${segment.id}` });
    const part = (name) => card.querySelector(name);
    card.dataset.verdict = segment.verdict;
    card.dataset.role = segment.role;
    words(part(".n"), String(segment.number));
    attribute(part(".rail"), "aria-label", `Play segment ${segment.number}`);
    words(part(".who"), segment.speaker ?? { host: "Host", narrator: "Narrator" }[segment.role] ?? segment.role);
    words(part(".voice"), segment.voice);
    words(part(".at"), clock(segment.start_ms / 1000));
    words(part(".state"), stateWords(segment));
    attribute(part(".state"), "title", segment.by ? `${segment.by}, ${new Date(segment.at).toLocaleString()}` : "");
    words(part(".added"), segment.added ? `added: ${segment.added}` : "");
    showVersion(part(".version"), segment);
    attribute(part(".acts"), "aria-label", `Segment ${segment.number}`);
    attribute(part('[data-act="approve"]'), "aria-pressed", segment.verdict === "approved");
    attribute(part('[data-act="fix"]'), "aria-pressed", segment.verdict === "needs fix");
    if (card.written !== JSON.stringify([segment.text, segment.unknown])) {
      card.written = JSON.stringify([segment.text, segment.unknown]);
      part(".text").replaceChildren(...marked(segment.text, segment.unknown));
    }
    if (!card.noting) showNote(part(".note"), segment);
    part(".concerns").replaceChildren(...segment.concerns.map((c) => el("li", {}, c.text)));
    card.editor?.rebind(segment);
  }

  /** @returns {{id: string, act: string|null, number: number}|null} where the focus is among the cards */
  #focused() {
    const card = document.activeElement?.closest(".card");
    return card && { card, act: document.activeElement.dataset.act ?? null, element: document.activeElement, number: card.segment.number };
  }

  #restore(focus) {
    if (!focus || document.activeElement === focus.element) return;
    const card = focus.card.isConnected ? focus.card : this.get(this.order[Math.min(focus.number, this.order.length) - 1]?.id);
    const inside = focus.card === card && focus.element.isConnected ? focus.element : focus.act && card?.querySelector(`[data-act="${focus.act}"]`);
    (inside || card)?.focus({ preventScroll: true });
  }

  #click(event) {
    const card = event.target.closest(".card");
    const button = event.target.closest("[data-act]");
    if (!card || !button) return;
    const segment = card.segment;
    const acts = {
      play: () => this.app.playSegment(segment),
      approve: () => this.app.approve(segment),
      fix: () => this.needsFix(segment),
      edit: () => this.app.edit(segment),
      undo: () => this.app.undo(segment),
      name: () => this.app.sayAs(segment, button.dataset.word),
    };
    acts[button.dataset.act]?.();
  }

  #double(event) {
    const text = event.target.closest(".text");
    const word = String(window.getSelection()).trim().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}.]+$/gu, "");
    if (text && word && !/\s/.test(word)) this.app.sayAs(text.closest(".card").segment, word);
  }

  /** Mark a segment, or take the mark back; the note can be written at once. */
  needsFix(segment) {
    if (segment.verdict === "needs fix") return this.app.mark(segment, "heard");
    const card = this.get(segment.id);
    this.app.mark(segment, "needs fix", segment.note);
    card.noting = true;
    const input = el("input", { "aria-label": `What segment ${segment.number} needs`, placeholder: "What does it need? Enter keeps it", maxlength: 500 });
    input.value = segment.note;
    const done = (keep) => {
      if (!card.noting) return;
      card.noting = false;
      if (keep && input.value.trim() !== card.segment.note) this.app.mark(card.segment, "needs fix", input.value.trim());
      showNote(card.querySelector(".note"), card.segment);
      if (document.activeElement === document.body || document.activeElement === input) card.focus();
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === "Escape") { event.preventDefault(); event.stopPropagation(); done(event.key === "Enter"); }
    });
    input.addEventListener("blur", () => done(true));
    card.querySelector(".note").replaceChildren(input);
    input.focus();
  }

  /** Mark the one segment that is playing, and bring it into view if that is wanted. */
  setNow(segment, { follow }) {
    const card = segment && this.get(segment.id);
    if (this.now !== card) {
      this.now?.classList.remove("now");
      this.now?.removeAttribute("aria-current");
      card?.classList.add("now");
      card?.setAttribute("aria-current", "true");
      this.now = card;
    }
    if (card && follow) bringIntoView(card);
  }

  /** Put the focus on the next card that is shown, in either direction. */
  step(from, by) {
    const shown = [...this.list.children].filter((c) => !c.hidden);
    const at = shown.indexOf(from);
    const to = shown[at < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, at + by))];
    if (to) focusCard(to);
    return to;
  }

  /** Show only what is asked for. */
  filter(kind, sought) {
    const wanted = sought.trim().toLocaleLowerCase();
    const fits = {
      all: () => true,
      suspicious: (s) => s.concerns.length > 0,
      "not approved": (s) => s.verdict !== "approved",
    }[kind] ?? ((s) => s.verdict === kind);
    let shown = 0;
    for (const segment of this.order) {
      const card = this.byId.get(segment.id);
      if (!card) continue;
      const isShown = !!card.editor || (fits(segment) && (!wanted || [segment.text, segment.speaker ?? "", segment.note].join(" ").toLocaleLowerCase().includes(wanted)));
      card.hidden = !isShown;
      // The worst first: by the flexible box's order, so that the list itself stays in the order of the episode.
      card.style.order = kind === "suspicious" ? String(-Math.round(1000 * Math.max(0, ...segment.concerns.map((c) => c.score)))) : "";
      shown += isShown;
    }
    const all = shown === this.order.length;
    words($("shown"), all ? count(shown, "segment") : `${shown} of ${count(this.order.length, "segment")}`);
  }
}

const anchor = (ids, i, kept) => {
  for (let n = i - 1; n >= 0; n -= 1) if (kept.has(ids[n])) return ids[n];
  return "";
};

export function focusCard(card) {
  card.focus({ preventScroll: true });
  bringIntoView(card);
}

function bringIntoView(card) {
  const top = $("top").getBoundingClientRect();
  const floor = getComputedStyle($("top")).position === "sticky" ? Math.max(0, top.bottom) : 0;
  const box = card.getBoundingClientRect();
  if (box.top >= floor + 4 && box.bottom <= window.innerHeight - 4) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const room = window.innerHeight - floor;
  const by = box.top - floor - Math.max(12, (room - box.height) / 3);
  window.scrollBy({ top: by, behavior: calm || Math.abs(by) > 2 * room ? "instant" : "smooth" });
}

function stateWords(segment) {
  const part = Math.round(segment.heard * 100);
  return segment.verdict === "not heard" && part > 0 ? `not heard (${part}\u00a0%)` : segment.verdict;
}

function showVersion(place, segment) {
  const text = segment.version > 1 ? `version ${segment.version}` : "";
  if (place.dataset.shown === `${text}${segment.can_undo}`) return;
  place.dataset.shown = `${text}${segment.can_undo}`;
  place.replaceChildren(text, segment.can_undo
    ? el("button", { type: "button", class: "small", "data-act": "undo", "aria-label": `Undo the last change of segment ${segment.number}` }, "Undo") : "");
}

function showNote(place, segment) {
  place.replaceChildren(segment.verdict === "needs fix" && segment.note ? `Note: ${segment.note}` : "");
}

/** The text, with a button for each word that no dictionary knows. */
function marked(text, unknown) {
  if (!unknown.length) return [text];
  const escaped = unknown.map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).sort((a, b) => b.length - a.length);
  const parts = text.split(new RegExp(`(?<![\\p{L}\\p{N}])(${escaped.join("|")})(?![\\p{L}\\p{N}])`, "u"));
  return parts.map((part, i) => (i % 2
    ? el("button", { type: "button", class: "name", "data-act": "name", "data-word": part, "aria-label": `${part}: no dictionary knows it. Say it as`, "aria-haspopup": "dialog", title: "No dictionary knows this word: say it as …" }, part)
    : part));
}

