/** Peaks, chapters, and the state of every segment: by pattern as well as color. */

import { $, attr, spokenTime } from "./dom.js";

const STRIP = 10;

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
		const height = clientHeight - STRIP - 3;
		this.#drawPeaks(pen, width, height, [color("wave"), color("pale")]);
		pen.fillStyle = color("ink");
		for (const { start_ms: ms } of this.doc.chapters) {
			pen.fillRect(x(ms / 1000), 0, 2, height);
		}
		this.doc.segments.forEach(({ verdict }, i) => {
			const from = x(line.start[i]);
			const wide = x(line.end[i] + line.gap(i)) - from;
			pen.fillStyle = pen.strokeStyle = color(verdict.replace(" ", "-"));
			drawState(pen, verdict, from, clientHeight - STRIP, Math.max(1, wide > 4 ? wide - 1 : wide));
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

/** approved: solid; heard: half high; needs fix: crossed; not heard: hatched. */
function drawState(pen, verdict, x, y, width) {
	if (verdict === "approved") return pen.fillRect(x, y, width, STRIP);
	if (verdict === "heard") return pen.fillRect(x, y + STRIP / 2, width, STRIP / 2);
	pen.save();
	pen.beginPath();
	pen.rect(x, y, width, STRIP);
	pen.clip();
	pen.beginPath();
	pen.lineWidth = 1.5;
	for (let at = x - STRIP; at < x + width; at += 6) {
		pen.moveTo(at, y + STRIP);
		pen.lineTo(at + STRIP, y);
		if (verdict !== "needs fix") continue;
		pen.moveTo(at, y);
		pen.lineTo(at + STRIP, y + STRIP);
	}
	pen.stroke();
	pen.restore();
}
