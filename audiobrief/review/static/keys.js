/** One key for everything; silent while something is typed, and switchable off. */

import { $, announce, el, isTyping, memory, openDialog } from "./dom.js";

const LIST = [
  ["Space", "play or pause"], ["J / K", "next or previous segment"], ["Enter", "play this segment"],
  ["A", "approve, and go to the next"], ["X", "needs a fix; again: take it back"], ["E", "edit"], ["S", "say a word as …"],
  ["U", "undo the segment's last change"], ["[ ]", "slower, faster"], ["/", "find"], ["?", "this list"],
  ["Ctrl+Enter", "save and hear (while editing)"], ["Esc", "leave what is open"],
];

export function bindKeys(app) {
  $("keys").querySelector("dl").replaceChildren(...LIST.flatMap(([key, does]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, does)]));
  const isOn = $("keys-on");
  isOn.checked = memory.get("keys") !== false;
  isOn.addEventListener("change", () => {
    memory.set("keys", isOn.checked);
    announce(isOn.checked ? "Keys are on" : "Keys are off");
  });
  $("help").addEventListener("click", () => openDialog($("keys")));
  const acts = {
    " ": () => app.player.toggle(),
    j: () => app.step(1), k: () => app.step(-1),
    Enter: () => app.playSegment(app.current()),
    a: () => app.approveAndNext(), x: () => app.cards.needsFix(app.current()),
    e: () => app.edit(app.current()), s: () => app.sayAs(app.current(), app.chosenWord()), u: () => app.undo(app.current()),
    "[": () => app.faster(-1), "]": () => app.faster(1),
    "/": () => $("search").focus(), "?": () => openDialog($("keys")),
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!isOn.checked || isTyping(event.target) || document.querySelector("dialog[open]") || !app.doc) return;
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    const presses = event.target.closest?.("button, a, summary, label, input");
    if (!act || (presses && (event.key === " " || event.key === "Enter"))) return;
    if (event.repeat && !["j", "k", "[", "]"].includes(event.key.toLowerCase())) return;
    event.preventDefault();
    act();
  });
}
