/** Where everything lies: in the episode as it is now, and in the MP3, which may be older. Pure. All in seconds. */

/** Segments that follow each other in the MP3 with at most this much more between them are played in one go. */
const SLACK_S = 0.3;

export class Timeline {
  /** @param {import("./api.js").Doc} doc */
  constructor(doc) {
    this.segments = doc.segments;
    this.start = doc.segments.map((s) => s.start_ms / 1000);
    this.end = doc.segments.map((s) => s.end_ms / 1000);
    this.sound = doc.segments.map((s) => {
      const place = s.in_sound === undefined ? (doc.is_stale ? null : [s.start_ms, s.end_ms]) : s.in_sound;
      return place && doc.sound ? [place[0] / 1000, place[1] / 1000] : null;
    });
    const last = this.end.at(-1) ?? 0;
    this.duration = doc.is_stale ? last : Math.max(last, (doc.sound?.duration_ms ?? 0) / 1000);
    this.indexes = new Map(doc.segments.map((s, i) => [s.id, i]));
  }

  /** @returns {number} the segment at a time; a pause belongs to what was said before it */
  indexAt(time) {
    return lastAtMost(this.start, time);
  }

  /** @returns {number} how long the pause after a segment is */
  gapAfter(i) {
    return Math.max(0, (this.start[i + 1] ?? this.duration) - this.end[i]);
  }

  /** @returns {number} the last segment that plays in one go with this one */
  runEnd(i) {
    let end = i;
    while (this.#joins(end)) end += 1;
    return end;
  }

  #joins(i) {
    const [a, b] = [this.sound[i], this.sound[i + 1]];
    if (!a || !b) return false;
    const gap = b[0] - a[1];
    return gap > -0.05 && gap <= this.gapAfter(i) + SLACK_S;
  }

  /** @returns {number} the time of a place in the MP3 while the run that begins with segment `from` plays */
  fromSound(at, from, to) {
    let i = from;
    while (i < to && this.sound[i + 1][0] <= at) i += 1;
    const time = this.start[i] + (at - this.sound[i][0]);
    return i < to ? Math.min(time, this.start[i + 1] - 0.001) : time;
  }

  /** @returns {number|null} where a time lies in the MP3, if it does */
  toSound(time) {
    const i = this.indexAt(time);
    return this.sound[i] ? this.sound[i][0] + (time - this.start[i]) : null;
  }
}

/** @returns {number} the index of the last number that is not greater; 0 if all are */
export function lastAtMost(sorted, value) {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sorted[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** Merge ranges `[[from, to], ...]` into the fewest. */
export function merged(ranges) {
  const made = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const before = made.at(-1);
    if (before && from <= before[1] + 1) before[1] = Math.max(before[1], to);
    else if (to > from) made.push([from, to]);
  }
  return made;
}
