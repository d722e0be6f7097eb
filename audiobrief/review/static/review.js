/** The page of an episode: holds its state, and lets the parts know. */

import { $, actOf, attr, clock, focused, isTyping, memory, mention, sentences, tell, words } from "./dom.js";
import { get, Outbox, post } from "./api.js";
import { Cards, focusCard } from "./cards.js";
import { Editor, seenOf, showDrafts } from "./editor.js";
import { Heard } from "./heard.js";
import { bindKeys } from "./keys.js";
import { listen } from "./live.js";
import { Panels } from "./panels.js";
import { Player } from "./player.js";
import { bindRelease } from "./release.js";
import { SayAs } from "./sayas.js";
import { lengthOf } from "./timeline.js";
import { Waveform } from "./waveform.js";

const HANDS_OFF_MS = 4000;
const HEARD = 0.9;
const MAKING = "Making the sound anew";

class Review {
	constructor(id) {
		this.id = id;
		this.base = `/api/episodes/${encodeURIComponent(id)}`;
		Object.assign(this, { doc: null, version: 0, retries: [] });
		this.heard = new Heard($("sound"), $("clip"), (...played) => this.#played(...played));
		this.player = new Player($("sound"), $("clip"), this.heard, {
			tick: () => this.#tick(), segment: () => this.#showNow(), state: () => this.#showState(), trouble: (text) => tell(text, true),
		});
		this.cards = new Cards(this);
		this.panels = new Panels(this);
		this.wave = new Waveform(this.player);
		this.saying = new SayAs(this);
		this.outbox = new Outbox(id, {
			sent: (answer) => this.applyShort(answer), waiting: () => this.doubt(),
			refused: (error) => { tell(error.message, true); this.fetch(); },
		});
		this.#bindControls();
		bindKeys(this);
		bindRelease(this);
		this.doubt = listen({ event: (event) => this.#happened(event), back: () => this.#isBack() });
	}

	segment(id) { return this.doc?.segments.find((s) => s.id === id); }

	async fetch() {
		this.wanted = true;
		if (this.isFetching) return;
		this.isFetching = true;
		while (this.wanted) {
			this.wanted = false;
			const { version } = this;
			const doc = await this.attempt(() => get(this.base));
			// What was asked for before an answer to a change is older than that.
			if (version !== this.version) this.wanted = true;
			else if (doc && !(this.wanted && this.doc)) this.setDocument(doc);
		}
		this.isFetching = false;
	}

	setDocument(doc) {
		const isFirst = !this.doc;
		this.doc = doc;
		this.version += 1;
		this.player.setDocument(doc);
		this.heard.setTimeline(this.player.line);
		this.cards.sync(doc);
		this.panels.sync(doc);
		this.#showHead();
		this.wave.setDocument(doc);
		$("speakers").replaceChildren(...doc.speakers.map((name) => new Option(name, name)));
		if (isFirst) {
			const start = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash)?.[1];
			if (start) this.player.seek(Number(start));
			this.panels.show("script");
		}
		showDrafts(this, isFirst);
		this.filled();
	}

	filled() {
		this.#filter();
		this.#showNow(false);
	}

	applyShort({ segments, counts, ...rest }) {
		for (const news of segments ?? []) {
			const segment = this.segment(news.id);
			if (segment) this.cards.show(Object.assign(segment, news));
		}
		this.version += 1;
		Object.assign(this.doc, rest);
		this.#showHead();
		this.wave.draw();
	}

	#showHead() {
		const { doc } = this;
		const n = (verdict) => doc.segments.filter((s) => s.verdict === verdict).length;
		document.title = `${doc.title}: review`;
		words("title", doc.title);
		words("show", doc.show);
		words("count", `${n("approved")} of ${doc.segments.length} approved${n("needs fix") ? `, ${n("needs fix")} to fix` : ""}`);
		Object.assign($("meter"), { max: doc.segments.length || 1, value: n("approved") });
		$("approve-heard").hidden = !n("heard");
		words("approve-heard", `Approve ${n("heard")} heard`);
		attr($("publish"), "aria-disabled", doc.approval.can_publish ? null : "true");
		words("publish", doc.state === "published" ? "Publish again" : "Publish");
		this.#showWork(doc.is_building ? MAKING : sentences(doc.failure?.problem));
		words("length", clock(this.player.line.duration));
	}

	#showWork(text) {
		$("building").hidden = !text;
		words("building", text);
	}

	#filter() { this.cards.filter($("filter").value, $("search").value); }

	#happened({ type, episode, text, done, total, revision }) {
		if (episode && episode !== this.id) return;
		const making = MAKING + (total ? `: ${done} of ${total}` : "");
		const work = { building: making, progress: making, waiting: text }[type];
		if (work) return this.#showWork(work);
		if (type === "failed") tell(sentences(text), true);
		if (type === "built") mention("The sound is up to date");
		if (!revision || revision !== this.doc?.revision) this.fetch();
	}

	async #isBack() {
		await this.outbox.flush();
		await this.fetch();
		this.player.mend();
		for (const again of this.retries.splice(0)) await again();
	}

	whenBack(again) {
		this.retries.push(again);
		this.doubt();
	}

	async attempt(run) {
		try {
			return await run();
		} catch (error) {
			if (error.status === 0) this.doubt();
			tell(error.message, true);
			return null;
		}
	}

	mark(segment, verdict, note = "") {
		const { id, clip, number, heard } = segment;
		Object.assign(segment, { verdict: verdict === "heard" && heard < HEARD ? "not heard" : verdict, note });
		tell(`Segment ${number}: ${segment.verdict}`);
		this.applyShort({ segments: [segment] });
		this.outbox.put(`mark.${id}`, `${this.base}/mark`, { segments: [{ id, clip }], verdict, note });
	}

	approve(segment) { this.mark(segment, segment.verdict === "approved" ? "heard" : "approved"); }

	approveAndNext() {
		const segment = this.current();
		if (segment.verdict !== "approved") this.mark(segment, "approved");
		this.step(1);
	}

	async #approveHeard() {
		await this.outbox.flush();
		const answer = await this.attempt(() => post(`${this.base}/approve`, { which: "heard" }));
		if (!answer) return;
		this.applyShort(answer);
		tell("All that was heard is approved");
		$("publish").focus();
	}

	#played(id, clip, ranges) {
		const segment = this.segment(id);
		if (segment?.clip === clip) {
			segment.heard = Math.max(segment.heard, Math.min(1, lengthOf(ranges) / (segment.end_ms - segment.start_ms || Infinity)));
			this.cards.show(segment);
		}
		this.outbox.put(`played.${id}.${clip}`, `${this.base}/played`, { clip, segment: id, ranges });
	}

	async fix(op, segment, extra = {}, seen = seenOf(segment ?? {})) {
		if (segment) tell(`Segment ${segment.number}: speaking …`);
		try {
			const answer = await post(`${this.base}/fix`, { op, ...extra, ...(segment ? { segment: segment.id, seen } : {}) });
			this.changed(answer);
			return answer;
		} catch (error) {
			if (![404, 409].includes(error.status)) throw error;
			if (error.body.document) this.setDocument(error.body.document);
			else await this.fetch();
			tell(error.message, true);
			return null;
		}
	}

	changed({ document: doc, notes }) {
		this.notes = notes;
		this.setDocument(doc);
	}

	done(text) { tell(sentences(text, ...this.notes), this.notes.length > 0); }

	async undo(segment) {
		if (!segment.can_undo && segment !== this.left?.segment) return tell(`Segment ${segment.number}: nothing to undo`);
		const answer = await this.attempt(() => this.fix("undo", segment));
		if (!answer) return;
		const now = this.segment(answer.segments[0]?.id) ?? this.doc.segments[segment.number - 1];
		actOf(this.cards.get(now.id), "approve").focus();
		this.hearFixed(now);
		this.done(`Segment ${now.number}: undone`);
	}

	#hold() {
		this.wasPlaying = this.player.isPlaying;
		this.player.pause();
	}

	edit(segment) {
		const card = this.cards.get(segment.id);
		this.#hold();
		(card.editor ?? new Editor(this, card)).text.focus();
	}

	sayAs(segment, word) {
		this.#hold();
		this.saying.open(segment, word);
	}

	async hear(request) {
		const said = await post(`${this.base}/say`, request);
		this.player.pause();
		Object.assign($("ear"), { src: said.clip_url, playbackRate: this.player.rate });
		await $("ear").play();
		return said.spoken;
	}

	hearFixed(segment) {
		$("ear").pause();
		if (!segment.clip_url) return this.done(`Segment ${segment.number} is saved, and cannot be spoken`);
		this.player.playFrom(this.player.line.index.get(segment.id), !this.wasPlaying && !this.player.isPlaying);
		this.done(`Segment ${segment.number} is spoken anew`);
	}

	current() { return focused().closest(".card")?.segment ?? this.doc.segments[this.player.index]; }

	step(by) {
		const card = focused().closest(".card");
		this.cards.step(card ?? this.cards.get(this.current().id), card || by < 0 ? by : 0);
	}

	playSegment(segment) {
		if (!segment.clip_url && !segment.in_sound) return tell(`Segment ${segment.number} cannot be spoken as it stands`, true);
		const i = this.player.line.index.get(segment.id);
		if (this.player.isPlaying && this.player.index === i) this.player.pause();
		else this.player.playFrom(i);
	}

	goTo(id) {
		if (!this.segment(id)) return;
		this.panels.show("script");
		this.player.seekSegment(this.player.line.index.get(id));
		const card = this.cards.get(id);
		card.hidden = false;
		focusCard(card);
	}

	playAt(time) {
		this.panels.show("script");
		this.player.seek(time);
		if (!this.player.isPlaying) this.player.play();
	}

	faster(by) {
		this.#setSpeed(Math.round((this.player.rate + by) * 20) / 20);
		tell(`Speed ${this.player.rate}`);
	}

	#setSpeed(value) {
		this.player.rate = Math.min(4, Math.max(0.5, value || 1));
		$("speed").value = this.player.rate;
		memory.set("speed", this.player.rate);
	}

	#setFollow(follows) {
		this.follows = follows;
		memory.set("follow", follows);
		attr($("follow"), "aria-pressed", follows);
	}

	#bindControls() {
		const { player } = this;
		const go = (by) => () => player.seekSegment(player.index + by);
		const skip = (by) => () => player.seek(player.time + by);
		const clicks = {
			play: () => player.toggle(), back: go(-1), next: go(1), less: skip(-5), more: skip(5),
			follow: () => this.#setFollow(!this.follows), "approve-heard": () => this.#approveHeard(),
		};
		for (const [id, act] of Object.entries(clicks)) $(id).onclick = act;
		$("speed").onchange = () => this.#setSpeed(Number($("speed").value));
		$("filter").onchange = $("search").oninput = () => this.#filter();
		this.#setSpeed(memory.get("speed"));
		this.#setFollow(memory.get("follow") ?? true);
		for (const name of ["wheel", "touchmove"]) addEventListener(name, () => { this.scrolledAt = Date.now(); }, { passive: true });
		new ResizeObserver(() => document.documentElement.style.setProperty("--top", `${$("top").offsetHeight}px`)).observe($("top"));
	}

	#tick() {
		words("clock", clock(this.player.time));
		this.wave.tick();
	}

	#showState() {
		const { player } = this;
		attr($("play"), "aria-label", player.isPlaying ? "Pause" : "Play");
		document.body.classList.toggle("playing", player.isPlaying);
		const frame = () => {
			player.moved();
			if (player.isPlaying) this.frame = requestAnimationFrame(frame);
		};
		cancelAnimationFrame(this.frame);
		this.frame = requestAnimationFrame(frame);
		if (player.isPlaying) this.#showNow();
	}

	#showNow(mayScroll = this.player.isPlaying) {
		const segment = this.doc.segments[this.player.index];
		const follows = mayScroll && this.follows && !isTyping(focused()) && Date.now() - (this.scrolledAt ?? 0) > HANDS_OFF_MS;
		this.cards.setNow(segment, follows);
		this.panels.setNow(segment, follows);
	}
}

new Review(decodeURIComponent(location.pathname.split("/").at(-1))).fetch();
