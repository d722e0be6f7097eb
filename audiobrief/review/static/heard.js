/** What was really played, by the ranges that the browser keeps: exact at any speed. */

import { lastAtMost, lengthOf, merged } from "./timeline.js";

const TELL_MS = 4000;

export class Heard {
	constructor(mp3, clip, tell) {
		Object.assign(this, { mp3, clip, tell, known: new Map(), told: new Map(), places: [] });
		setInterval(() => { if (!mp3.paused || !clip.paused) this.take(); }, TELL_MS);
		for (const audio of [mp3, clip]) audio.addEventListener("seeking", () => this.take());
	}

	setTimeline({ segments, sound }) {
		this.places = segments.map((segment, i) => ({ segment, sound: sound[i] })).filter((p) => p.sound).sort((a, b) => a.sound[0] - b.sound[0]);
		this.starts = this.places.map((p) => p.sound[0]);
	}

	take() {
		for (const [from, to] of played(this.mp3)) {
			for (let n = lastAtMost(this.starts ?? [], from); n < this.places.length && this.starts[n] < to; n += 1) {
				const { segment, sound: [start, end] } = this.places[n];
				this.#add(segment.id, segment.clip, Math.max(from, start) - start, Math.min(to, end) - start);
			}
		}
		const { clip, segment } = this.clip.dataset;
		if (segment) for (const [from, to] of played(this.clip)) this.#add(segment, clip, from, to);
		for (const [key, ranges] of this.known) {
			if (lengthOf(ranges) - (this.told.get(key) ?? 0) < 40) continue;
			this.told.set(key, lengthOf(ranges));
			this.tell(...key.split(" "), ranges);
		}
	}

	#add(segment, clip, from, to) {
		const key = `${segment} ${clip}`;
		this.known.set(key, merged([...(this.known.get(key) ?? []), [Math.round(from * 1000), Math.round(to * 1000)]]));
	}
}

const played = ({ played: ranges }) => Array.from({ length: ranges.length }, (_, n) => [ranges.start(n), ranges.end(n)]);
