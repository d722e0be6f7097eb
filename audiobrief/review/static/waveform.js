/** Peaks, chapters, and the state of every segment. */

import { $, attr, el, spokenTime } from "./dom.js";

/** Where the states are, below the peaks. */
const FOOT = 13;

export class Waveform {
	constructor(player) {
		this.player = player;
		this.place = $("wave");
		new ResizeObserver(() => this.draw()).observe(this.place);
		for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) matchMedia(query).onchange = () => this.draw();
		this.place.onkeydown = (event) => this.#key(event);
		this.place.onpointerdown = (event) => this.place.setPointerCapture(event.pointerId);
		this.place.onpointermove = this.place.onpointerup = (event) => { if (this.place.hasPointerCapture(event.pointerId)) this.#point(event); };
	}

	setDocument(doc) {
		this.doc = doc;
		attr(this.place, "aria-valuemax", Math.round(this.player.line.duration));
		this.draw();
		this.tick();
	}

	tick() {
		const { line, time, index } = this.player;
		if (!line) return;
		const x = Math.min(1, time / line.duration || 0) * this.place.clientWidth;
		this.place.querySelector(".needle").style.transform = `translateX(${x}px)`;
		this.place.querySelector(".past").style.width = `${x}px`;
		attr(this.place, "aria-valuenow", Math.floor(time));
		attr(this.place, "aria-valuetext", `${spokenTime(time)} of ${spokenTime(line.duration)}, segment ${index + 1}`);
	}

	#point(event) {
		const box = this.place.getBoundingClientRect();
		this.player.seek(((event.clientX - box.left) / box.width) * this.player.line?.duration);
	}

	#key(event) {
		const steps = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -30, PageUp: 30, Home: -Infinity, End: Infinity };
		if (!(event.key in steps)) return;
		event.preventDefault();
		this.player.seek(this.player.time + steps[event.key]);
	}

	draw() {
		const { line } = this.player;
		if (!this.doc || !line.duration) return;
		const { clientWidth: width, clientHeight } = this.place;
		const canvas = this.place.querySelector("canvas");
		const scale = Math.min(3, devicePixelRatio);
		Object.assign(canvas, { width: width * scale, height: clientHeight * scale });
		const pen = canvas.getContext("2d");
		pen.scale(scale, scale);
		const style = getComputedStyle(this.place);
		const color = (name) => style.getPropertyValue(`--${name}`).trim();
		const x = (time) => (time / line.duration) * width;
		const height = clientHeight - FOOT;
		this.#drawPeaks(pen, width, height, [color("wave"), color("pale")]);
		pen.fillStyle = color("ink");
		for (const { start_ms: ms } of this.doc.chapters) pen.fillRect(x(ms / 1000), 0, 2, height);
		this.#showStates(width);
	}

	/** Segments that are too narrow to be told apart are one strip with their neighbors of the same state. */
	#showStates(width) {
		const { player: { line }, doc: { segments } } = this;
		const place = this.place.querySelector(".states");
		const joins = width < 5 * segments.length;
		place.classList.toggle("dense", joins);
		place.replaceChildren();
		segments.forEach(({ verdict }, i) => {
			let strip = place.lastChild;
			if (!joins || strip?.dataset.verdict !== verdict) place.append(strip = el("i", { "data-verdict": verdict }));
			strip.style.flexGrow = Number(strip.style.flexGrow) + line.end[i] + line.gap(i) - (i && line.start[i]);
		});
	}

	#drawPeaks(pen, width, height, [wave, pale]) {
		const { peaks, sound } = this.doc;
		const { line } = this.player;
		const place = (x) => line.toSound((x / width) * line.duration);
		const per = sound && peaks.length / (sound.duration_ms / 1000);
		for (let x = 0; x < width && per; x += 1) {
			const from = place(x);
			let [low, high] = from === null ? [-24, 24] : [0, 0];
			for (let n = Math.floor(from * per); from !== null && n <= Math.max(from, place(x + 1)) * per && n < peaks.length; n += 1) {
				low = Math.min(low, peaks[n]?.[0] ?? 0);
				high = Math.max(high, peaks[n]?.[1] ?? 0);
			}
			pen.fillStyle = from === null ? pale : wave;
			pen.fillRect(x, (1 - high / 128) * (height / 2), 1, Math.max(1, ((high - low) / 256) * height));
		}
	}
}
