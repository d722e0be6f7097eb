/** Plays the MP3 where it is right, and a clip where the MP3 is older than the words. */

import { Timeline } from "./timeline.js";

/** After a clip, the MP3 is entered up to this long before the next segment. */
const LEAD_S = 0.2;
/** The MP3 is left this long before what follows in it begins. */
const MARGIN_S = 0.04;

export class Player {
	constructor(mp3, clip, heard, on) {
		// "pause" is the mode after a clip; `only` the segment to stop after.
		Object.assign(this, { mp3, clip, heard, on, isPlaying: false, only: null, mode: "mp3", run: [0, 0], position: 0, index: 0 });
		for (const audio of [mp3, clip]) {
			for (const name of ["timeupdate", "seeked"]) audio.addEventListener(name, () => this.moved());
			audio.addEventListener("ended", () => { if (this.isPlaying && audio === this.audio) this.#ended(); });
			audio.addEventListener("error", () => { if (this.isPlaying) on.trouble("The sound cannot be loaded now"); });
		}
	}

	get audio() { return this.mode === "mp3" ? this.mp3 : this.clip; }

	get rate() { return this.mp3.playbackRate; }

	set rate(value) {
		for (const audio of [this.mp3, this.clip]) audio.defaultPlaybackRate = audio.playbackRate = value;
	}

	get time() {
		const { line, mode, index, audio: { currentTime: at, readyState, seeking, onloadedmetadata: waits } } = this;
		if (readyState && !seeking && !waits && line) {
			if (mode === "mp3") this.position = line.fromSound(at, this.run);
			if (mode === "clip") this.position = Math.min(line.start[index] + at, line.end[index]);
		}
		return this.position;
	}

	setDocument(doc) {
		const before = this.line?.segments[this.index];
		const at = before ? this.time - this.line.start[this.index] : 0;
		const line = this.line = new Timeline(doc);
		if (!doc.segments.length) return this.pause();
		const i = this.index = Math.min(line.index.get(before?.id) ?? this.index, doc.segments.length - 1);
		if (!line.index.has(this.only)) this.only = null;
		const isOther = this.#setSound(doc.sound?.url ?? "");
		const isSame = before?.clip === line.segments[i].clip;
		this.position = line.start[i] + (isSame ? Math.min(Math.max(0, at), line.end[i] + line.gap(i) - line.start[i] - 0.01) : 0);
		if (isSame && (this.mode === "mp3" ? !isOther && line.sound[i] : this.clip.dataset.segment)) this.run = [i, line.runEnd(i)];
		else this.#enter(this.position);
		this.on.tick();
	}

	#setSound(url) {
		if (this.url === url) return false;
		this.heard.take();
		this.url = url;
		if (url) this.mp3.src = url;
		else this.mp3.removeAttribute("src");
		return true;
	}

	play() {
		if (!this.line?.segments.length) return;
		this.isPlaying = true;
		this.#enter(this.time >= this.line.duration - 0.05 ? 0 : this.position);
		this.on.state();
	}

	pause() {
		clearTimeout(this.timer);
		this.isPlaying = false;
		this.mp3.pause();
		this.clip.pause();
		this.heard.take();
		this.on.state();
	}

	toggle() {
		this.only = null;
		if (this.isPlaying) this.pause();
		else this.play();
	}

	seek(time) {
		if (!this.line?.segments.length) return;
		this.only = null;
		this.#enter(Math.min(Math.max(0, time), Math.max(0, this.line.duration - 0.05)));
		this.on.tick();
	}

	seekSegment(i) { this.seek(this.line?.start[Math.min(Math.max(0, i), this.line.start.length - 1)]); }

	playFrom(i, only = false) {
		if (!this.line?.segments[i]) return;
		this.only = only ? this.line.segments[i].id : null;
		this.isPlaying = true;
		this.#enter(this.line.start[i]);
		this.on.state();
	}

	mend() {
		if (!this.audio.error) return;
		const at = this.position;
		this.audio.load();
		this.#enter(at);
	}

	#enter(time, lead = 0) {
		clearTimeout(this.timer);
		this.heard.take();
		const { line } = this;
		const i = line.at(time);
		const isMute = !line.segments[i].clip_url;
		if (!line.sound[i] && (isMute || time > line.end[i])) {
			if (i + 1 < line.start.length) return this.#enter(line.start[i + 1]);
			if (isMute) return this.pause();
		}
		this.position = time;
		this.mode = line.sound[i] ? "mp3" : "clip";
		if (line.sound[i]) {
			this.clip.pause();
			this.run = [i, line.runEnd(i)];
			this.#move(this.mp3, line.sound[i][0] + time - line.start[i] - lead);
			const next = line.segments[this.run[1] + 1];
			if (next) this.#load(next);
		} else {
			this.mp3.pause();
			this.#load(line.segments[i]);
			this.#move(this.clip, time - line.start[i]);
		}
		this.#point(i);
		if (!this.isPlaying) return;
		this.audio.play().catch((error) => {
			if (error.name !== "NotAllowedError") return;
			this.pause();
			this.on.trouble("Press Play: the browser wants a click first");
		});
		this.#plan();
	}

	/** Before its metadata are there, a seek makes Chromium count all before it as played. */
	#move(audio, to) {
		audio.onloadedmetadata = null;
		if (!audio.readyState) audio.onloadedmetadata = () => this.#move(audio, to);
		else if (Math.abs(audio.currentTime - to) > 0.01) audio.currentTime = Math.max(0, to);
	}

	#load(segment) {
		const { dataset } = this.clip;
		if (segment.clip_url && (dataset.clip !== segment.clip || this.clip.error)) this.clip.src = segment.clip_url;
		Object.assign(dataset, { clip: segment.clip, segment: segment.id });
	}

	/** An alarm: the browser's four ticks a second are too few. */
	#plan() {
		clearTimeout(this.timer);
		const left = this.mode === "mp3" ? (this.#stopAt() - this.mp3.currentTime) / this.rate : Infinity;
		if (left < 3) this.timer = setTimeout(() => this.moved(), Math.max(4, left * 1000 - 15));
	}

	#stopAt() {
		const { line, only } = this;
		const last = only === null ? this.run[1] : line.index.get(only);
		if (only !== null) return (line.sound[last]?.[1] ?? Infinity) + 0.05;
		return last + 1 < line.segments.length ? line.sound[last][1] + Math.max(0, line.gap(last) - MARGIN_S) : Infinity;
	}

	moved() {
		if (!this.line) return;
		if (this.mode === "mp3" && !this.mp3.seeking && !this.mp3.onloadedmetadata) {
			if (this.isPlaying && this.mp3.currentTime >= this.#stopAt() - 0.005) return this.#ended();
			this.#point(Math.max(this.run[0], this.line.at(this.time + 0.001)));
			if (this.isPlaying) this.#plan();
		}
		this.on.tick();
	}

	#ended() {
		const { line, mode } = this;
		const next = (mode === "mp3" ? this.run[1] : this.index) + 1;
		if (this.only !== null || next >= line.segments.length) {
			this.only = null;
			return this.pause();
		}
		if (mode === "mp3") return this.#enter(line.start[next]);
		this.position = line.end[this.index];
		this.mode = "pause";
		const lead = line.sound[next] ? Math.min(LEAD_S, line.gap(next - 1)) : 0;
		const wait = (line.gap(next - 1) - lead) / this.rate;
		this.timer = setTimeout(() => this.#enter(this.line.start[Math.min(this.index + 1, this.line.start.length - 1)], lead), wait * 1000);
	}

	#point(i) {
		if (this.index === i) return;
		this.index = i;
		this.heard.take();
		this.on.segment();
	}
}
