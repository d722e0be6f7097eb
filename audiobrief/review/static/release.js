/** Publishing: asked once more, or refused with all reasons. */

import { $, clock, count, el, openDialog, tell, words } from "./dom.js";
import { post } from "./api.js";

export function bindRelease(app) {
	$("publish").onclick = async () => {
		await app.outbox.flush();
		const { can_publish: can, reasons } = app.doc.approval;
		show(app, can ? null : reasons);
		openDialog($("release"));
	};
	$("release-go").onclick = async () => {
		try {
			const answer = await post(`${app.base}/publish`, {});
			app.setDocument(answer.document);
			$("release").close();
			tell(`Published: it is in the feed ${answer.feed ?? ""}`);
		} catch (error) {
			if (error.body?.reasons) show(app, error.body.reasons);
			else words("release-problem", error.message);
		}
	};
	$("release-left").onclick = () => {
		$("release").close();
		$("filter").value = app.doc.segments.some((s) => s.verdict === "needs fix") ? "needs fix" : "not approved";
		$("filter").onchange();
		app.panels.show("script");
		app.cards.step(null, 1);
	};
}

function show({ doc }, reasons) {
	words("release-title", reasons ? "Not yet" : "Publish this episode?");
	words("release-problem", "");
	$("release-no").hidden = !reasons;
	$("release-yes").hidden = $("release-go").hidden = !!reasons;
	$("reasons").replaceChildren(...(reasons ?? []).map((reason) => el("li", {}, reason)));
	words("release-yes", `“${doc.title}”, ${clock((doc.sound?.duration_ms ?? 0) / 1000)}; ${count(doc.segments.length, "segment")}. It enters the feed of ${doc.show}.`);
}
