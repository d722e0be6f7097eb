/**
 * What the server tells of an episode, and what the page's parts promise each other. Not served, so that it costs the page nothing.
 *
 * Timeline (seconds): `at(time)` the segment at a time, where a pause belongs to what was said before it; `gap(i)` the pause after a
 *   segment; `runEnd(i)` the last segment that the MP3 plays in one go with segment i; `fromSound(place, run)` the time of a place in the
 *   MP3 while this run of it plays; `toSound(time)` the reverse, null if the MP3 is older than what is said then.
 * Heard: `take()` looks at what was played, and calls tell(segment id, clip key, [[from ms, to ms], ...] within the clip) for what is new.
 * Player: `playFrom(i, only)` from a segment's first word, with `only` no further than its last; `seekSegment(i)`; `mend()` loads again
 *   what could not be loaded; `setDocument(doc)` goes on at the same words; calls on.tick (the place), on.segment (another one), on.state (plays or not), on.trouble(words).
 * Timeline: `lastAtMost(sorted, value)` is the index of the last of the sorted numbers that is not greater; 0 if all are.
 * Refused: what went wrong, in sentences; its status is 0 if the server does not answer.
 * Outbox: posts that may be sent twice are kept in the browser, in order, until the server has them; `put(key, path, body)`: a later one
 *   takes the place of one with its key that still waits.
 * Cards: `get(id)` makes a card that is not there yet; `sync(doc)` keeps cards, their editors and the focus over any change.
 * Editor: one thing at a time; what finds no server is done again when there is one.
 *   `rebind(segment)`: the segment is another by now, its words perhaps as well.
 * Review: `fetch()` several wishes at once are one more; `attempt(run)` says what goes wrong, and returns null then; `fix(...)` returns
 *   null if somebody else was quicker, theirs is shown by then; `done(text)` says what was done, and what the server had to say to it;
 *   `current()` is what keys are about: the segment with the focus, else the one that plays.
 * dom.js: `el(tag, attributes, ...children)` leaves attributes out that are false, null or undefined; `words(place, text)` sets the text of an
 *   element or an id only if it is another, since it would be read out again; `clock(196)` is "3:16", `spokenTime(196)` "3 minutes 16 seconds";
 *   `tell(text)` says what happened in the live region, which is seen as well; `mention(text)` what can wait until that has been read;
 *   `sentences(...parts)` makes sentences of the server's parts, which begin small; `openDialog(dialog, back)`: when it is closed the focus is
 *   where it was, as browsers do, or where `back()` says.
 * listen({ event, back }): `back()` is called when the server answers (again); returns a function to call in doubt about that.
 */
export interface Segment {
  id: string; number: number; role: string; speaker: string | null; voice: string; text: string; spoken: string;
  start_ms: number; end_ms: number;
  /** Where it lies in the MP3 of `sound.url`; null: the MP3 is older than it. */
  in_sound: [number, number] | null;
  paragraph: number; chapter: number | null; source: [number, number]; added: string | null;
  clip: string; clip_url: string;
  verdict: "not heard" | "heard" | "needs fix" | "approved"; by: string | null; at: string | null; note: string; heard: number;
  version: number; can_undo: boolean; is_edited: boolean;
  concerns: { kind: string; text: string; score: number }[]; unknown: string[];
}
export interface Doc {
  id: string; guid: string; title: string; language: string; show: string; date: string; state: string; revision: string;
  is_stale: boolean; is_building: boolean; failure: { problem: string; where: string; fix: string } | null;
  sound: { url: string; duration_ms: number; bytes: number } | null;
  loudness: { integrated_lufs: number; true_peak_dbtp: number; target_lufs: number; ceiling_dbtp: number };
  checks: { level: "ok" | "warn" | "fail"; text: string; segment: string | null }[];
  chapters: { title: string; start_ms: number }[];
  voices: { name: string; engine: string; engine_voice: string; language: string }[];
  speakers: string[];
  articles: { headline: string; byline: string | null; outlet: string | null; url: string | null }[];
  segments: Segment[];
  ledger: { row: number; article: number; text: string; segments: string[]; reason: string | null }[];
  words: { word: string; say: string | null; ipa: string | null; letters: boolean; scope: "here" | "episode" | "show"; segment: string | null }[];
  peaks: [number, number][];
  approval: { can_publish: boolean; reasons: string[]; approved_by: string | null; approved_at: string | null };
}
