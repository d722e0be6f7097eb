/** What the server tells of an episode; not served, only named by the scripts' comments. */
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
  id: string; guid: string; title: string; show: string; date: string; state: string; revision: string;
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
