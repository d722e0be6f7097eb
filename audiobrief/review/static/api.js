/** What the server is asked; posts that outlive a server that is gone. */

import { memory, sentences, tell } from "./dom.js";

const LATE_MS = 4000;

export class Refused extends Error {
	constructor(status, body) {
		const { problem = `the server answered ${status}`, fix } = body.error ?? {};
		super(sentences(problem, fix));
		Object.assign(this, { status, body });
	}
}

async function call(path, options) {
	let answer;
	let text;
	const late = setTimeout(tell, LATE_MS, "Still waiting for the server …");
	try {
		answer = await fetch(path, { cache: "no-store", ...options });
		text = await answer.text();
	} catch {
		throw new Refused(0, { error: { problem: "Not done: the server does not answer" } });
	} finally {
		clearTimeout(late);
	}
	const isJson = answer.headers.get("content-type")?.includes("json");
	const body = isJson ? JSON.parse(text) : {};
	if (!answer.ok || !isJson) throw new Refused(answer.status, body);
	return body;
}

export const get = (path) => call(path);
export const post = (path, body) => call(path, {
	method: "POST",
	headers: { "Content-Type": "application/json", "X-Audiobrief": "review" },
	body: JSON.stringify(body),
});

export class Outbox {
	constructor(episode, hear) {
		this.prefix = `outbox.${episode}.`;
		this.hear = hear;
		this.items = memory.under(this.prefix).map((key) => memory.get(this.prefix + key)).sort((a, b) => a.at - b.at);
	}

	put(key, path, body) {
		const item = { key, path, body, at: Date.now() };
		this.items = [...this.items.filter((i) => i.key !== key), item];
		memory.set(this.prefix + key, item);
		return this.flush();
	}

	flush() {
		this.sending ??= this.#sendAll().finally(() => { this.sending = null; });
		return this.sending;
	}

	async #sendAll() {
		while (this.items.length) {
			const item = this.items[0];
			try {
				const answer = await post(item.path, item.body);
				this.#remove(item);
				this.hear.sent(answer);
			} catch (error) {
				if (error.status === 0) return this.hear.waiting();
				this.#remove(item);
				this.hear.refused(error);
			}
		}
	}

	#remove(item) {
		this.items = this.items.filter((i) => i !== item);
		if (memory.get(this.prefix + item.key)?.at === item.at) memory.drop(this.prefix + item.key);
	}
}
