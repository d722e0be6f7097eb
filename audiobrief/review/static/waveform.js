/** The waveform: peaks, chapters, and a strip with the state of every segment, by pattern as well as by color. */

import { $, attribute, clock, spokenTime } from "./dom.js";

const STRIP = 10;
const STEP_S = 5;
const PAGE_S = 30;

export class Waveform {
  constructor(player) {
    this.player = player;
    this.place = $("wave");
    this.canvas = this.place.querySelector("canvas");
    this.doc = null;
    new ResizeObserver(() => this.draw()).observe(this.place);
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(query).addEventListener("change", () => this.draw());
    }
    this.place.addEventListener("keydown", (event) => this.#key(event));
    this.place.addEventListener("pointerdown", (event) => this.#drag(event));
    this.place.addEventListener("pointermove", (event) => this.#hover(event));
  }

  setDocument(doc) {
    this.doc = doc;
    attribute(this.place, "aria-valuemax", Math.round(this.player.timeline.duration));
    this.draw();
    this.tick();
  }

  /** Show where the episode is. */
  tick() {
    const line = this.player.timeline;
    const time = this.player.time;
    const part = line.duration ? Math.min(1, time / line.duration) : 0;
    const x = part * this.place.clientWidth;
    this.place.querySelector(".needle").style.transform = `translateX(${x}px)`;
    this.place.querySelector(".past").style.width = `${x}px`;
    const second = Math.floor(time);
    if (second === this.second && line === this.line) return;
    Object.assign(this, { second, line });
    attribute(this.place, "aria-valuenow", second);
    attribute(this.place, "aria-valuetext",
      `${spokenTime(time)} of ${spokenTime(line.duration)}, segment ${this.player.index + 1}`);
  }

  #timeAt(event) {
    const box = this.place.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * this.player.timeline.duration;
  }

  #drag(event) {
    if (event.button || !this.player.timeline) return;
    this.place.setPointerCapture(event.pointerId);
    this.player.seek(this.#timeAt(event));
  }

  #hover(event) {
    if (!this.player.timeline) return;
    if (event.buttons & 1 && this.place.hasPointerCapture(event.pointerId)) this.player.seek(this.#timeAt(event));
    const i = this.player.timeline.indexAt(this.#timeAt(event));
    this.place.title = `${clock(this.#timeAt(event))}, segment ${i + 1}`;
  }

  #key(event) {
    const { player } = this;
    const to = {
      ArrowLeft: player.time - STEP_S, ArrowDown: player.time - STEP_S,
      ArrowRight: player.time + STEP_S, ArrowUp: player.time + STEP_S,
      PageDown: player.time - PAGE_S, PageUp: player.time + PAGE_S,
      Home: 0, End: player.timeline?.duration ?? 0,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    player.seek(to);
  }

  draw() {
    const line = this.player.timeline;
    if (!this.doc || !line?.duration) return;
    const [width, height] = [this.place.clientWidth, this.place.clientHeight];
    const scale = Math.min(3, window.devicePixelRatio || 1);
    Object.assign(this.canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
    const style = getComputedStyle(this.place);
    const color = (name) => style.getPropertyValue(`--${name}`).trim();
    const pen = this.canvas.getContext("2d");
    pen.scale(scale, scale);
    this.#drawPeaks(pen, width, height - STRIP - 3, color);
    this.#drawChapters(pen, width, height - STRIP - 3, color);
    const x = (time) => (time / line.duration) * width;
    this.doc.segments.forEach((segment, i) => {
      const left = x(line.start[i]);
      const wide = Math.max(1, x(line.end[i] + line.gapAfter(i)) - left - (width / line.start.length > 4 ? 1 : 0));
      drawState(pen, segment.verdict, left, height - STRIP, wide, color);
    });
  }

  #drawPeaks(pen, width, height, color) {
    const { peaks, sound } = this.doc;
    const line = this.player.timeline;
    if (!peaks?.length || !sound) return;
    const middle = height / 2;
    const per = peaks.length / (sound.duration_ms / 1000);
    for (let x = 0; x < width; x += 1) {
      const from = line.toSound((x / width) * line.duration);
      const to = line.toSound(((x + 1) / width) * line.duration) ?? from;
      let [low, high] = [0, 0];
      for (let n = Math.floor((from ?? 0) * per); from !== null && n <= Math.max(from, to) * per && n < peaks.length; n += 1) {
        low = Math.min(low, peaks[Math.max(0, n)][0]);
        high = Math.max(high, peaks[Math.max(0, n)][1]);
      }
      // What the MP3 does not have yet is a low, pale band.
      if (from === null) [low, high] = [-24, 24];
      pen.fillStyle = color(from === null ? "pale" : "wave");
      const top = middle - (high / 128) * middle;
      pen.fillRect(x, top, 1, Math.max(1, middle - (low / 128) * middle - top));
    }
  }

  #drawChapters(pen, width, height, color) {
    pen.fillStyle = color("ink");
    for (const chapter of this.doc.chapters) {
      const x = (chapter.start_ms / 1000 / this.player.timeline.duration) * width;
      pen.fillRect(x, 0, 1, height);
      pen.beginPath();
      pen.moveTo(x, 0);
      pen.lineTo(x + 7, 0);
      pen.lineTo(x, 7);
      pen.fill();
    }
  }
}

/** approved: solid; heard: half high; needs fix: crossed; not heard: hatched. */
function drawState(pen, verdict, x, y, width, color) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, STRIP);
  pen.clip();
  pen.fillStyle = pen.strokeStyle = color({ approved: "good", heard: "heard", "needs fix": "bad" }[verdict] ?? "unheard");
  pen.lineWidth = 1.5;
  if (verdict === "approved") pen.fillRect(x, y, width, STRIP);
  else if (verdict === "heard") pen.fillRect(x, y + STRIP / 2, width, STRIP / 2);
  else {
    if (verdict === "needs fix") pen.fillRect(x, y, width, 2.5);
    const step = 6;
    pen.beginPath();
    for (let at = x - (x % step) - STRIP; at < x + width; at += step) {
      pen.moveTo(at, y + STRIP);
      pen.lineTo(at + STRIP, y);
      if (verdict !== "needs fix") continue;
      pen.moveTo(at, y);
      pen.lineTo(at + STRIP, y + STRIP);
    }
    pen.stroke();
  }
  pen.restore();
}
