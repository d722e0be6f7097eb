/** The page of one episode: holds its state and lets the parts know of it. */

import { $, announce, attribute, clock, count, isTyping, memory, words } from "./dom.js";
import { get, Outbox, post, Unreachable } from "./api.js";
import { Cards, focusCard } from "./cards.js";
import { Editor, restoreDrafts, seenOf, showOrphans } from "./editor.js";
import { Heard } from "./heard.js";
import { bindKeys } from "./keys.js";
import { listen } from "./live.js";
import { Panels, showLoudness } from "./panels.js";
import { Player } from "./player.js";
import { bindRelease } from "./release.js";
import { SayAs } from "./sayas.js";
import { Waveform } from "./waveform.js";

/** Who scrolls by hand is left alone for so long. */
const HANDS_OFF_MS = 4000;
const HEARD = 0.9;

class Review {
  constructor(id) {
    this.id = id;
    this.base = `/api/episodes/${encodeURIComponent(id)}`;
    /** @type {import("./api.js").Doc|null} */
    this.doc = null;
    this.retries = new Set();
    this.scrolledAt = 0;
    this.heard = new Heard($("sound"), $("clip"), (segment, clip, ranges) => this.#played(segment, clip, ranges));
    this.player = new Player($("sound"), $("clip"), this.heard);
    this.cards = new Cards(this);
    this.panels = new Panels(this);
    this.wave = new Waveform(this.player);
    this.saying = new SayAs(this);
    this.outbox = new Outbox(id, {
      sent: (answer) => this.applyShort(answer),
      refused: (error) => { announce(error.message, { bad: true }); this.fetchDocument(); },
      waiting: () => this.live.doubt(),
    });
    this.#bindTransport();
    bindKeys(this);
    bindRelease(this);
    this.live = listen({ event: (event) => this.#happened(event), back: () => this.#isBack() });
  }

  // ------------------------------------------------------------------ state

  segment(id) { return this.doc?.segments.find((s) => s.id === id); }

  /** Ask for the whole episode; several wishes at once are one. */
  async fetchDocument() {
    if (this.fetching) { this.wanted = true; return this.fetching; }
    this.fetching = (async () => {
      do {
        this.wanted = false;
        try {
          this.setDocument(await get(this.base));
        } catch (error) {
          if (error instanceof Unreachable) this.live.doubt();
          else announce(error.message, { bad: true });
        }
      } while (this.wanted);
    })();
    try { await this.fetching; } finally { this.fetching = null; }
  }

  /** @param {import("./api.js").Doc} doc */
  setDocument(doc) {
    const isFirst = !this.doc;
    this.doc = doc;
    this.player.setDocument(doc);
    this.heard.setTimeline(this.player.timeline);
    this.cards.sync(doc);
    this.panels.sync(doc);
    this.#showHead();
    this.wave.setDocument(doc);
    this.#showNow({ follow: false });
    this.#filter();
    if (isFirst) this.#begin();
    else showOrphans(this);
  }

  #begin() {
    const at = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
    if (at) this.player.seek(Number(at[1]));
    $("speakers")?.remove();
    const list = Object.assign(document.createElement("datalist"), { id: "speakers" });
    list.append(...this.doc.speakers.map((name) => new Option(name, name)));
    document.body.append(list);
    restoreDrafts(this);
    this.panels.show(document.body.dataset.view);
  }

  /** All cards are made: what depends on them is shown again. */
  filled() {
    if (!this.doc) return;
    this.#filter();
    this.#showNow({ follow: false });
  }

  /** The short answer to marks: verdicts, counts, whether it may be published. */
  applyShort(answer) {
    if (!this.doc) return;
    for (const news of answer.segments ?? []) {
      const segment = this.segment(news.id);
      if (!segment) continue;
      Object.assign(segment, news);
      this.cards.update(segment);
    }
    Object.assign(this.doc, { approval: answer.approval ?? this.doc.approval, state: answer.state ?? this.doc.state, revision: answer.revision ?? this.doc.revision });
    this.#showHead();
    this.wave.draw();
  }

  #showHead() {
    const { doc } = this;
    const by = Map.groupBy?.(doc.segments, (s) => s.verdict);
    const n = (verdict) => by?.get(verdict)?.length ?? doc.segments.filter((s) => s.verdict === verdict).length;
    document.title = `${doc.title}: review`;
    words($("title"), doc.title);
    words($("show"), doc.show);
    words($("count"), `${n("approved")} of ${doc.segments.length} approved${n("needs fix") ? `, ${n("needs fix")} to fix` : ""}`);
    attribute($("meter"), "max", doc.segments.length || 1);
    attribute($("meter"), "value", n("approved"));
    showLoudness(doc);
    const ready = n("heard");
    $("approve-heard").hidden = !ready;
    words($("approve-heard"), `Approve ${ready} heard`);
    attribute($("publish"), "aria-disabled", doc.approval.can_publish ? null : "true");
    words($("publish"), doc.state === "published" && !doc.is_stale ? "Published" : "Publish");
    this.#showBuilding(doc.is_building ? "Making the episode’s sound anew" : doc.failure ? `The sound could not be made: ${doc.failure.problem}` : "");
    words($("length"), clock(this.player.timeline.duration));
  }

  #showBuilding(text) {
    $("building").hidden = !text;
    words($("building"), text);
  }

  #filter() { this.cards.filter($("filter").value, $("search").value); }

  // ---------------------------------------------------------------- the server

  #happened(event) {
    if (event.episode && event.episode !== this.id) return;
    const shows = { building: "Making the episode’s sound anew", waiting: event.text || "Another build is running: waiting", progress: event.total ? `Making the episode’s sound anew: ${event.done} of ${event.total}` : "" };
    if (shows[event.type]) this.#showBuilding(shows[event.type]);
    if (event.type === "failed") announce(event.text || "The episode’s sound could not be made", { bad: true });
    if (event.type === "built") announce("The episode’s sound is up to date");
    if (["built", "failed", "changed"].includes(event.type) && event.revision !== this.doc?.revision) this.fetchDocument();
  }

  async #isBack() {
    await this.outbox.flush();
    await this.fetchDocument();
    this.player.mend();
    const retries = [...this.retries];
    this.retries.clear();
    for (const again of retries) await again();
  }

  /** Do something as soon as the server answers again. */
  whenBack(again) {
    this.retries.add(again);
    this.live.doubt();
  }

  /** Run a request; what goes wrong is said. */
  async attempt(run) {
    try {
      return await run();
    } catch (error) {
      if (error instanceof Unreachable) this.live.doubt();
      announce(error.message, { bad: true });
      return null;
    }
  }

  // ---------------------------------------------------------------- marks

  mark(segment, verdict, note = "") {
    const isBack = verdict === "heard";
    segment.verdict = isBack && segment.heard < HEARD ? "not heard" : verdict;
    segment.note = note;
    this.cards.update(segment);
    this.#showHead();
    this.wave.draw();
    announce(`Segment ${segment.number}: ${segment.verdict}`);
    this.outbox.put(`mark.${segment.id}`, `${this.base}/mark`, { segments: [{ id: segment.id, clip: segment.clip }], verdict, ...(note ? { note } : {}) });
  }

  approve(segment) {
    this.mark(segment, segment.verdict === "approved" ? "heard" : "approved");
  }

  approveAndNext() {
    const segment = this.current();
    if (segment.verdict !== "approved") this.mark(segment, "approved");
    this.step(1);
  }

  #played(segment, clip, ranges) {
    const known = this.segment(segment);
    if (known?.clip === clip) {
      const length = ranges.reduce((sum, [from, to]) => sum + to - from, 0);
      known.heard = Math.max(known.heard, Math.min(1, length / Math.max(1, known.end_ms - known.start_ms)));
      this.cards.update(known);
    }
    this.outbox.put(`played.${segment}.${clip}`, `${this.base}/played`, { clip, segment, ranges });
  }

  // ---------------------------------------------------------------- fixes

  /**
   * Change the script. @returns the answer, or null if somebody else was quicker (their version is shown by then)
   * @throws {Unreachable|Error}
   */
  async fix(op, segment, extra = {}, { seen } = {}) {
    const number = segment?.number;
    if (number) announce(`Segment ${number}: speaking …`);
    try {
      const answer = await post(`${this.base}/fix`, { op, segment: segment?.id ?? null, ...(segment ? { seen: seen ?? seenOf(segment) } : {}), ...extra });
      this.setDocument(answer.document);
      return answer;
    } catch (error) {
      if (error.status !== 409 && error.status !== 404) throw error;
      if (error.body.document) this.setDocument(error.body.document);
      else await this.fetchDocument();
      if (error.status === 404) throw error;
      announce(error.message, { bad: true });
      return null;
    }
  }

  change(op, segment, extra) { return this.attempt(() => this.fix(op, segment, extra)); }

  async undo(segment) {
    if (!segment.can_undo) return announce(`Segment ${segment.number}: nothing to undo`);
    const answer = await this.change("undo", segment);
    if (!answer) return;
    announce(`Segment ${segment.number}: undone`);
    const now = answer.segments[0] && this.segment(answer.segments[0].id);
    if (now) {
      this.cards.get(now.id).querySelector('[data-act="approve"]').focus();
      this.hearFixed(now);
    }
  }

  edit(segment) {
    const card = this.cards.get(segment.id);
    const editor = card.editor ?? new Editor(this, card);
    if (this.player.isPlaying) {
      this.wasPlaying = segment.id;
      this.player.pause();
    }
    editor.focus();
  }

  sayAs(segment, word) {
    if (!segment) return;
    this.player.pause();
    this.saying.open(segment, word);
  }

  /** Hear something that is not saved. @returns what is spoken */
  async hear(request) {
    const said = await post(`${this.base}/say`, request);
    this.player.pause();
    const ear = $("ear");
    ear.src = said.clip_url;
    ear.playbackRate = this.player.rate;
    await ear.play();
    return said.spoken;
  }

  /** Hear a segment that was changed: at its place, going on if the episode was playing before. */
  hearFixed(segment) {
    const goesOn = this.player.isPlaying || !!this.wasPlaying;
    this.wasPlaying = null;
    $("ear").pause();
    announce(`Segment ${segment.number} is spoken anew`);
    this.player.playFrom(this.doc.segments.findIndex((s) => s.id === segment.id), { only: !goesOn });
  }

  // ---------------------------------------------------------------- playing, moving

  /** The segment that keys are about: the one that has the focus, else the one that is playing. */
  current() {
    return document.activeElement?.closest(".card")?.segment ?? this.doc.segments[this.player.index];
  }

  chosenWord() {
    const word = String(window.getSelection()).trim();
    return word && !/\s/.test(word) ? word : this.current().unknown[0] ?? "";
  }

  step(by) {
    const focused = document.activeElement?.closest(".card");
    const from = focused ?? this.cards.get(this.doc.segments[this.player.index]?.id);
    this.cards.step(from, focused || by < 0 ? by : 0);
  }

  playSegment(segment) {
    const i = this.doc.segments.findIndex((s) => s.id === segment.id);
    if (this.player.isPlaying && this.player.index === i) this.player.pause();
    else this.player.playFrom(i);
  }

  goTo(id) {
    const segment = this.segment(id);
    if (!segment) return;
    if (getComputedStyle($("segments")).display === "none") this.panels.show("script");
    this.player.seek(segment.start_ms / 1000);
    focusCard(this.cards.get(id));
  }

  seekAndPlay(time) {
    this.scrolledAt = 0;
    this.player.seek(time);
    if (!this.player.isPlaying) this.player.play();
    if (getComputedStyle($("segments")).display === "none") this.panels.show("script");
  }

  skip(by) {
    const i = this.player.index + by;
    const line = this.player.timeline;
    if (line) this.player.seek(line.start[Math.min(Math.max(0, i), line.start.length - 1)]);
  }

  faster(by) {
    this.setSpeed(Math.round((this.player.rate + by * 0.05) * 20) / 20);
    announce(`Speed ${this.player.rate}`);
  }

  setSpeed(value) {
    const speed = Math.min(4, Math.max(0.5, value || 1));
    this.player.rate = speed;
    $("speed").value = String(speed);
    memory.set("speed", speed);
  }

  #bindTransport() {
    const { player } = this;
    $("play").onclick = () => player.toggle();
    $("back").onclick = () => this.skip(-1);
    $("next").onclick = () => this.skip(1);
    $("less").onclick = () => player.seek(player.time - 5);
    $("more").onclick = () => player.seek(player.time + 5);
    $("speed").onchange = () => this.setSpeed(Number($("speed").value));
    $("follow").onclick = () => this.#setFollow(!this.follows);
    $("filter").onchange = () => this.#filter();
    $("search").oninput = () => this.#filter();
    this.setSpeed(memory.get("speed") ?? 1);
    this.#setFollow(memory.get("follow") !== false);
    player.addEventListener("tick", () => this.#tick());
    player.addEventListener("segment", () => this.#showNow({ follow: player.isPlaying }));
    player.addEventListener("state", () => this.#showState());
    player.addEventListener("trouble", (event) => announce(event.detail, { bad: true }));
    for (const name of ["wheel", "touchmove"]) addEventListener(name, () => { this.scrolledAt = Date.now(); }, { passive: true });
    addEventListener("resize", () => this.#measure());
    new ResizeObserver(() => this.#measure()).observe($("top"));
  }

  #measure() {
    const isSticky = getComputedStyle($("top")).position === "sticky";
    document.documentElement.style.setProperty("--top", `${isSticky ? $("top").offsetHeight : 0}px`);
  }

  #setFollow(follows) {
    this.follows = follows;
    memory.set("follow", follows);
    attribute($("follow"), "aria-pressed", follows);
  }

  #tick() {
    words($("clock"), clock(this.player.time));
    this.wave.tick();
  }

  #showState() {
    const { isPlaying } = this.player;
    attribute($("play"), "aria-label", isPlaying ? "Pause" : "Play");
    words($("play").firstElementChild, isPlaying ? "⏸︎" : "▶︎");
    document.body.classList.toggle("playing", isPlaying);
    const frame = () => {
      if (!this.player.isPlaying) return;
      this.player.dispatchEvent(new Event("tick"));
      requestAnimationFrame(frame);
    };
    if (isPlaying) requestAnimationFrame(frame);
    if (isPlaying) this.#showNow({ follow: true });
  }

  #showNow({ follow }) {
    const segment = this.doc?.segments[this.player.index];
    const mayScroll = follow && this.follows && !isTyping(document.activeElement) && Date.now() - this.scrolledAt > HANDS_OFF_MS;
    this.cards.setNow(segment, { follow: mayScroll });
    this.panels.setNow(segment, { follow: mayScroll });
    if (segment) this.panels.setChapter(this.doc.chapters, segment.start_ms / 1000);
  }

  showOrphans() { showOrphans(this); }
}

const review = new Review(decodeURIComponent(location.pathname.split("/").at(-1)));
review.fetchDocument();
$("approve-heard").onclick = async () => {
  await review.outbox.flush();
  const before = review.doc.segments.filter((s) => s.verdict === "heard").length;
  const answer = await review.attempt(() => post(`${review.base}/approve`, { which: "heard" }));
  if (!answer) return;
  review.applyShort(answer);
  announce(`${count(before, "segment")} approved`);
  $("publish").focus();
};
