/** Publishing: asked once more, or refused with all the reasons. */

import { $, announce, clock, el, openDialog, words } from "./dom.js";
import { post, Unreachable } from "./api.js";

export function bindRelease(app) {
  const open = () => {
    show(app, app.doc.approval.can_publish ? null : app.doc.approval.reasons);
    openDialog($("release"), () => $("publish"));
  };
  $("publish").onclick = async () => {
    if (!app.doc) return;
    await app.outbox.flush();
    open();
  };
  $("release-go").onclick = async () => {
    $("release-go").disabled = true;
    try {
      const answer = await post(`${app.base}/publish`, {});
      app.setDocument(answer.document);
      $("release").close();
      announce(`Published: it is in the feed${answer.feed ? ` (${answer.feed})` : ""}`);
    } catch (error) {
      if (error instanceof Unreachable) app.live.doubt();
      if (error.body?.reasons) show(app, error.body.reasons);
      else words($("release-problem"), error.message);
    } finally {
      $("release-go").disabled = false;
    }
  };
}

/** @param {string[]|null} reasons why not; null if it may be */
function show(app, reasons) {
  const { doc } = app;
  words($("release-title"), reasons ? "Not yet" : "Publish this episode?");
  words($("release-problem"), "");
  $("release-go").hidden = !!reasons;
  $("release-body").replaceChildren(...(reasons
    ? [el("ul", { class: "reasons" }, ...reasons.map((reason) => el("li", {}, reason))),
      el("p", {}, el("button", { type: "button", onclick: () => showWhatIsLeft(app) }, "Show what is left"))]
    : [el("p", { dir: "auto" }, el("b", {}, doc.title)),
      el("p", {}, `${clock((doc.sound?.duration_ms ?? 0) / 1000)}, ${doc.segments.length} segments. It enters the feed of ${doc.show}.`),
      doc.is_stale ? el("p", {}, "Its sound is still being made; it is published when that is done.") : ""]));
}

function showWhatIsLeft(app) {
  $("filter").value = app.doc.segments.some((s) => s.verdict === "needs fix") ? "needs fix" : "not approved";
  $("filter").dispatchEvent(new Event("change"));
  app.panels.show("script");
  $("release").onclose = null;
  $("release").close();
  app.cards.step(null, 0);
}
