import { element, fill } from "./element.js";

/** The page is of no use any more, or not yet: it says why, and how to come in. */
export function showEnded(why: "no-token" | "ended"): void {
  const title = why === "ended" ? "Rollcall has ended" : "Open this page from Rollcall";
  const first =
    why === "ended"
      ? "Nothing is lost: what was imported is in Photos, and the next import goes on where this one was."
      : "This address alone shows nothing: only the page that Rollcall itself opened may see your photos.";
  const how = element("p", { class: "more" });
  how.append("Double-click Rollcall.app, or run ", element("code", {}, "rollcall gui"), " in Terminal.");
  document.title = `${title}: Rollcall`;
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  document.body.className = "is-over";
  fill(
    document.body,
    element(
      "main",
      { class: "over" },
      element("p", { class: "kicker" }, "Rollcall"),
      element("h1", {}, title),
      element("p", { class: "more" }, first),
      how,
    ),
  );
}
