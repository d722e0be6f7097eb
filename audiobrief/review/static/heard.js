/** What was really played, from the ranges that the browser's audio keeps: exact at any speed. */

import { lastAtMost, merged } from "./timeline.js";

/** What is playing on is told to the server this often. */
const TELL_MS = 4000;

export class Heard {
  /**
   * @param {HTMLAudioElement} mp3 @param {HTMLAudioElement} clip
   * @param {(segment: string, clip: string, ranges: [number, number][]) => void} tell ranges in ms within the clip
   */
  constructor(mp3, clip, tell) {
    Object.assign(this, { mp3, clip, tell });
    /** By segment and clip: ranges in ms, and how much of it has been told. */
    this.known = new Map();
    this.told = new Map();
    this.line = null;
    setInterval(() => { if (!mp3.paused || !clip.paused) this.take(); }, TELL_MS);
    for (const audio of [mp3, clip]) audio.addEventListener("seeking", () => this.take());
    document.addEventListener("visibilitychange", () => this.take());
  }

  /** @param {import("./timeline.js").Timeline} line where things lie in the MP3 that is loaded */
  setTimeline(line) { this.line = line; }

  /** Another segment began: tell of the last one soon, but not while its sound is still counted. */
  left() { setTimeout(() => this.take(), 0); }

  /** Look at what was played so far, and tell what is new. */
  take() {
    if (!this.line) return;
    for (let r = 0; r < this.mp3.played.length; r += 1) this.#takeSound(this.mp3.played.start(r), this.mp3.played.end(r));
    const { clip, segment } = this.clip.dataset;
    for (let r = 0; segment && r < this.clip.played.length; r += 1) {
      this.#add(segment, clip, this.clip.played.start(r) * 1000, this.clip.played.end(r) * 1000);
    }
    for (const [key, ranges] of this.known) this.#tellIfMore(key, ranges);
  }

  #takeSound(from, to) {
    const { places, starts } = this.#inSound();
    for (let n = lastAtMost(starts, from); n < places.length && starts[n] < to; n += 1) {
      const { segment, start, end } = places[n];
      if (end > from) this.#add(segment.id, segment.clip, (Math.max(from, start) - start) * 1000, (Math.min(to, end) - start) * 1000);
    }
  }

  #inSound() {
    if (this.sorted?.line !== this.line) {
      const places = this.line.segments
        .map((segment, i) => ({ segment, start: this.line.sound[i]?.[0], end: this.line.sound[i]?.[1] }))
        .filter((p) => p.start !== undefined).sort((a, b) => a.start - b.start);
      this.sorted = { line: this.line, places, starts: places.map((p) => p.start) };
    }
    return this.sorted;
  }

  #add(segment, clip, from, to) {
    const key = `${segment} ${clip}`;
    this.known.set(key, merged([...(this.known.get(key) ?? []), [Math.round(from), Math.round(to)]]));
  }

  #tellIfMore(key, ranges) {
    const length = ranges.reduce((sum, [from, to]) => sum + to - from, 0);
    if (length - (this.told.get(key) ?? 0) < 40) return;
    this.told.set(key, length);
    this.tell(...key.split(" "), ranges);
  }
}
