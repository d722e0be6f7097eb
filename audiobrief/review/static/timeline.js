/** Where all lies, in the episode as it is and in the MP3. Pure; in seconds. */

/** At most this much more between two segments of the MP3 than there should be is let pass. */
const SLACK_S = 0.3;

export class Timeline {
	constructor(doc) {
		const seconds = (ms) => ms / 1000;
		this.segments = doc.segments;
		this.start = doc.segments.map((s) => seconds(s.start_ms));
		this.end = doc.segments.map((s) => seconds(s.end_ms));
		this.sound = doc.segments.map((s) => (doc.sound && s.in_sound ? s.in_sound.map(seconds) : null));
		const last = this.end.at(-1) ?? 0;
		this.duration = doc.is_stale ? last : Math.max(last, seconds(doc.sound?.duration_ms ?? 0));
		this.index = new Map(doc.segments.map((s, i) => [s.id, i]));
	}

	at(time) { return lastAtMost(this.start, time); }

	gap(i) { return Math.max(0, (this.start[i + 1] ?? this.duration) - this.end[i]); }

	runEnd(i) {
		const joins = (a, b) => a && b && b[0] - a[1] > -0.05 && b[0] - a[1] <= this.gap(i) + SLACK_S;
		while (joins(this.sound[i], this.sound[i + 1])) i += 1;
		return i;
	}

	fromSound(place, [from, to]) {
		let i = from;
		while (i < to && this.sound[i + 1][0] <= place) i += 1;
		const time = this.start[i] + place - this.sound[i][0];
		return i < to ? Math.min(time, this.start[i + 1] - 0.001) : time;
	}

	toSound(time) {
		const i = this.at(time);
		return this.sound[i] && this.sound[i][0] + time - this.start[i];
	}
}

export function lastAtMost(sorted, value) {
	let [low, high] = [0, sorted.length - 1];
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (sorted[middle] <= value) low = middle;
		else high = middle - 1;
	}
	return low;
}

export function merged(ranges) {
	const made = [];
	for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
		const last = made.at(-1);
		if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
		else if (to > from) made.push([from, to]);
	}
	return made;
}

export const lengthOf = (ranges) => ranges.reduce((sum, [from, to]) => sum + to - from, 0);
