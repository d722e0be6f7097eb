/**
 * Plays the episode as it is now: the MP3 where it is right, and the WAV of a clip where the MP3 is older than the words.
 *
 * Events: "tick" (the position moved), "segment" (another segment), "state" (playing or not), "trouble" (detail: words).
 */

import { Timeline } from "./timeline.js";

/** The MP3 is entered up to this long before a segment that follows a clip. */
const LEAD_S = 0.2;
/** A run is left this long before what follows it in the MP3 begins. */
const MARGIN_S = 0.04;

export class Player extends EventTarget {
  /** @param {HTMLAudioElement} mp3 @param {HTMLAudioElement} clip @param {import("./heard.js").Heard} heard */
  constructor(mp3, clip, heard) {
    super();
    Object.assign(this, { mp3, clip, heard });
    this.timeline = null;
    this.isPlaying = false;
    /** The last segment to be played before a stop, or null to play on. */
    this.only = null;
    /** "mp3", "clip" or "pause" (after a clip). */
    this.mode = "mp3";
    this.run = [0, 0];
    this.position = 0;
    this.index = 0;
    this.timer = 0;
    for (const name of ["timeupdate", "seeked", "pause"]) mp3.addEventListener(name, () => this.#moved("mp3"));
    for (const name of ["timeupdate", "pause"]) clip.addEventListener(name, () => this.#moved("clip"));
    mp3.addEventListener("ended", () => this.mode === "mp3" && this.#leave());
    clip.addEventListener("ended", () => this.mode === "clip" && this.#rest());
    mp3.addEventListener("error", () => this.#broke(mp3));
    clip.addEventListener("error", () => this.#broke(clip));
    setMediaKeys(this);
  }

  /** Take another state of the episode, and go on at the same words. @param {import("./api.js").Doc} doc */
  setDocument(doc) {
    const before = this.timeline && { id: this.timeline.segments[this.index]?.id, at: this.time - this.timeline.start[this.index] };
    const clip = this.timeline?.segments[this.index]?.clip;
    this.timeline = new Timeline(doc);
    this.index = Math.min(this.timeline.indexes.get(before?.id) ?? this.index, Math.max(0, doc.segments.length - 1));
    if (!doc.segments.length) return this.pause();
    const isNew = this.#setSound(doc.sound?.url ?? "");
    const i = this.index;
    const at = before?.id === this.timeline.segments[i].id ? before.at : 0;
    this.position = this.timeline.start[i] + Math.min(Math.max(0, at), this.timeline.end[i] - this.timeline.start[i] + this.timeline.gapAfter(i) - 0.01);
    this.only = this.only && this.timeline.indexes.has(this.only) ? this.only : null;
    const goesOn = this.mode !== "mp3" ? clip === this.timeline.segments[i].clip && !!this.clip.src : !isNew && !!this.timeline.sound[i];
    if (goesOn) this.run = [i, this.timeline.runEnd(i)];
    else this.#enter(this.position);
    this.#emit("tick");
  }

  #setSound(url) {
    if (this.url === url) return false;
    this.heard.take();
    this.url = url;
    const rate = this.mp3.playbackRate;
    if (url) this.mp3.src = url;
    else this.mp3.removeAttribute("src");
    this.mp3.defaultPlaybackRate = this.mp3.playbackRate = rate;
    return true;
  }

  /** Where the episode is, in seconds. */
  get time() {
    if (!this.timeline) return 0;
    if (this.mode === "mp3" && this.mp3.readyState > 0 && !this.mp3.seeking) {
      this.position = this.timeline.fromSound(this.mp3.currentTime, ...this.run);
    } else if (this.mode === "clip" && this.clip.readyState > 0) {
      const i = this.index;
      this.position = Math.min(this.timeline.start[i] + this.clip.currentTime, this.timeline.end[i]);
    }
    return this.position;
  }

  get rate() { return this.mp3.playbackRate; }

  set rate(value) {
    for (const audio of [this.mp3, this.clip]) audio.defaultPlaybackRate = audio.playbackRate = value;
    if (this.isPlaying) this.#plan();
  }

  play() {
    if (!this.timeline?.segments.length) return;
    this.isPlaying = true;
    if (this.time >= this.timeline.duration - 0.05) this.position = 0;
    this.#enter(this.position);
    this.#emit("state");
  }

  pause() {
    clearTimeout(this.timer);
    const wasPlaying = this.isPlaying;
    this.isPlaying = false;
    this.mp3.pause();
    this.clip.pause();
    if (wasPlaying) this.#emit("state");
    this.heard.take();
  }

  toggle() {
    this.only = null;
    if (this.isPlaying) this.pause();
    else this.play();
  }

  seek(time) {
    if (!this.timeline) return;
    this.only = null;
    this.#enter(Math.min(Math.max(0, time), Math.max(0, this.timeline.duration - 0.05)));
    this.#emit("tick");
  }

  /** Play from a segment's first word; with `only`, no further than its last. */
  playFrom(i, { only = false } = {}) {
    if (!this.timeline?.segments[i]) return;
    this.only = only ? this.timeline.segments[i].id : null;
    this.isPlaying = true;
    this.#enter(this.timeline.start[i]);
    this.#emit("state");
  }

  /** Bring the right sound to the right place, and let it sound if it shall. */
  #enter(time, lead = 0) {
    clearTimeout(this.timer);
    this.heard.take();
    const line = this.timeline;
    const i = line.indexAt(time);
    this.position = time;
    if (line.sound[i] && (line.sound[i + 1] || time < line.end[i] + line.gapAfter(i))) this.#enterSound(i, time, lead);
    else if (time >= line.end[i] && i + 1 < line.start.length) return this.#enter(line.start[i + 1]);
    else this.#enterClip(i, time);
    this.#point(i);
    if (!this.isPlaying) return;
    const audio = this.mode === "mp3" ? this.mp3 : this.clip;
    audio.play().catch((error) => {
      if (error.name !== "NotAllowedError") return;
      this.pause();
      this.#trouble("The browser wants a click before it plays: press Play");
    });
    this.#plan();
  }

  #enterSound(i, time, lead) {
    this.clip.pause();
    this.mode = "mp3";
    this.run = [i, this.timeline.runEnd(i)];
    const at = this.timeline.sound[i][0] + time - this.timeline.start[i] - lead;
    if (Math.abs(this.mp3.currentTime - at) > 0.01) this.mp3.currentTime = Math.max(0, at);
    const next = this.timeline.segments[this.run[1] + 1];
    if (next) this.#load(next);
  }

  #enterClip(i, time) {
    this.mp3.pause();
    this.mode = "clip";
    this.#load(this.timeline.segments[i]);
    this.clip.currentTime = Math.max(0, time - this.timeline.start[i]);
  }

  #load(segment) {
    if (this.clip.dataset.clip === segment.clip && !this.clip.error) return;
    this.clip.src = segment.clip_url;
    Object.assign(this.clip.dataset, { clip: segment.clip, segment: segment.id });
    this.clip.defaultPlaybackRate = this.clip.playbackRate = this.rate;
  }

  /** Set an alarm for where this run ends: more exact than the browser's own four ticks a second. */
  #plan() {
    clearTimeout(this.timer);
    if (this.mode !== "mp3" || !this.isPlaying) return;
    const left = (this.#stopAt() - this.mp3.currentTime) / this.rate;
    if (left < 3) this.timer = setTimeout(() => this.#check(), Math.max(4, left * 1000 - 15));
  }

  #stopAt() {
    const line = this.timeline;
    const last = this.only === null ? this.run[1] : line.indexes.get(this.only) ?? this.run[1];
    if (last >= line.segments.length - 1 && this.only === null) return Infinity;
    return line.sound[last][1] + (this.only === null ? Math.max(0, line.gapAfter(last) - MARGIN_S) : 0.05);
  }

  #check() {
    if (this.mode !== "mp3" || !this.isPlaying || this.mp3.seeking) return;
    if (this.mp3.currentTime < this.#stopAt() - 0.005) this.#plan();
    else if (this.only !== null) this.#stop();
    else this.#leave();
  }

  #moved(mode) {
    if (this.mode !== mode || !this.timeline) return;
    this.#check();
    this.#emit("tick");
  }

  /** The MP3 has played what it has: go on with what follows, or stop at the end. */
  #leave() {
    const next = this.run[1] + 1;
    if (next < this.timeline.segments.length) this.#enter(this.timeline.start[next]);
    else this.#stop();
  }

  /** After a clip: its pause, then what follows. */
  #rest() {
    const i = this.index;
    if (this.only !== null || i + 1 >= this.timeline.segments.length) return this.#stop();
    this.mode = "pause";
    this.heard.take();
    this.position = this.timeline.end[i];
    const lead = this.timeline.sound[i + 1] ? Math.min(LEAD_S, this.timeline.gapAfter(i)) : 0;
    const wait = (this.timeline.gapAfter(i) - lead) / this.rate;
    this.timer = setTimeout(() => {
      if (this.mode === "pause") this.#enter(this.timeline.start[Math.min(this.index + 1, this.timeline.start.length - 1)], lead);
    }, wait * 1000);
  }

  #stop() {
    this.only = null;
    this.pause();
    this.#emit("tick");
  }

  #point(i) {
    if (this.index === i) return;
    this.index = i;
    this.heard.left();
    this.#emit("segment");
  }

  #broke(audio) {
    if (!audio.getAttribute("src")) return;
    this.isBroken = true;
    if (this.isPlaying) this.#trouble("The sound cannot be loaded just now");
  }

  /** The server is back: load again what could not be loaded. */
  mend() {
    if (!this.isBroken || !this.timeline) return;
    this.isBroken = false;
    const { position } = this;
    if (this.mp3.error) this.mp3.load();
    this.#enter(position);
  }

  #trouble(words) { this.dispatchEvent(new CustomEvent("trouble", { detail: words })); }

  #emit(name) {
    if (name === "tick") {
      const i = this.timeline.indexAt(this.time + 0.001);
      if (this.mode === "mp3" && !this.mp3.seeking) this.#point(i);
    }
    this.dispatchEvent(new Event(name));
  }
}

function setMediaKeys(player) {
  const session = navigator.mediaSession;
  if (!session) return;
  const actions = {
    play: () => player.play(), pause: () => player.pause(),
    seekbackward: () => player.seek(player.time - 5), seekforward: () => player.seek(player.time + 5),
    previoustrack: () => player.seek(player.timeline.start[Math.max(0, player.index - 1)]),
    nexttrack: () => player.seek(player.timeline.start[Math.min(player.index + 1, player.timeline.start.length - 1)]),
  };
  for (const [name, action] of Object.entries(actions)) session.setActionHandler(name, action);
}
