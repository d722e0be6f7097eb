/** What the server is asked, and the posts that outlive a server that is gone. */

import { memory } from "./dom.js";

/**
 * @typedef {{id: string, number: number, role: string, speaker: string|null, voice: string, text: string, spoken: string,
 *   start_ms: number, end_ms: number, in_sound?: [number, number]|null, paragraph: number, chapter: number|null,
 *   source: [number, number], added: string|null, clip: string, clip_url: string, verdict: string, by: string|null, at: string|null,
 *   note: string, heard: number, version: number, can_undo: boolean, is_edited: boolean,
 *   concerns: {kind: string, text: string, score: number}[], unknown: string[]}} Segment
 * @typedef {{id: string, title: string, show: string, revision: string, state: string, is_stale: boolean, is_building: boolean,
 *   sound: {url: string, duration_ms: number, bytes: number}|null, segments: Segment[], chapters: {title: string, start_ms: number}[],
 *   peaks: [number, number][], approval: {can_publish: boolean, reasons: string[]}, [more: string]: any}} Doc
 */

/** The server answered that it will not. */
export class Refused extends Error {
  constructor(status, body) {
    const error = body.error ?? {};
    super([error.problem, error.fix && `Fix: ${error.fix}`].filter(Boolean).join(". ") || `The server answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** Nobody answered. */
export class Unreachable extends Error {
  constructor() { super("The server does not answer"); }
}

async function call(path, options) {
  let answer;
  let body;
  try {
    answer = await fetch(path, { cache: "no-store", ...options });
    body = await answer.json();
  } catch (error) {
    if (answer && error instanceof SyntaxError) body = {};
    else throw new Unreachable();
  }
  if (!answer.ok) throw new Refused(answer.status, body);
  return body;
}

export const get = (path) => call(path, {});
export const post = (path, body) => call(path, {
  method: "POST",
  headers: { "Content-Type": "application/json", "X-Audiobrief": "review" },
  body: JSON.stringify(body),
});

/**
 * Posts that may be sent twice (marks, what was played), in their order, kept in the browser until the server has them.
 * A later one with the same key takes an earlier one's place.
 */
export class Outbox {
  /** @param {string} episode @param {{sent: Function, refused: Function, waiting: Function}} hear */
  constructor(episode, hear) {
    this.prefix = `outbox.${episode}.`;
    this.hear = hear;
    this.items = memory.keys(this.prefix).map((k) => ({ key: k.slice(this.prefix.length), ...memory.get(k) }))
      .sort((a, b) => a.at - b.at);
    this.isBusy = false;
  }

  put(key, path, body) {
    const item = { key, path, body, at: Date.now() };
    this.items = [...this.items.filter((i) => i.key !== key), item];
    memory.set(this.prefix + key, item);
    return this.flush();
  }

  async flush() {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      while (this.items.length) {
        if (!await this.send(this.items[0])) break;
      }
    } finally {
      this.isBusy = false;
    }
  }

  /** @returns {Promise<boolean>} whether the server has dealt with it */
  async send(item) {
    try {
      const answer = await post(item.path, item.body);
      this.remove(item);
      this.hear.sent(answer, item);
    } catch (error) {
      if (error instanceof Unreachable || error.status === 503) {
        this.hear.waiting(this.items.length);
        return false;
      }
      this.remove(item);
      this.hear.refused(error, item);
    }
    return true;
  }

  remove(item) {
    this.items = this.items.filter((i) => i !== item);
    if (memory.get(this.prefix + item.key)?.at === item.at) memory.drop(this.prefix + item.key);
  }
}
