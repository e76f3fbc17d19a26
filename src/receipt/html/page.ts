import { createHash } from "node:crypto";
import type { ReceiptHead } from "../receipt.js";
import { FILTER_SCRIPT } from "./filter-script.js";
import { html, Markup } from "./markup.js";
import { placeholder } from "./placeholders.js";
import { STYLE } from "./style.js";

/** Up to the opened body. The page may show its own pictures and run its own script, and nothing else. */
export function pageStart(title: string): Markup {
  const policy = [
    "default-src 'none'",
    "img-src data: file: 'self'",
    `style-src ${hashSource(STYLE)}`,
    `script-src ${hashSource(FILTER_SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
  // The policy is ours, and its quotes are single ones; browsers read it escaped just as well.
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}: Rollcall receipt</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
`;
}

function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/**
 * From after `main` to the end of the file.
 * @param what.hasPhotos false: there is no sheet of photos, and nothing for the script to do
 */
export function pageEnd({ tool, id, destination }: ReceiptHead, what = { hasPhotos: true }): string {
  const place = destination.kind === "photos" ? destination.library : destination.path;
  const footer = html`<div id="spare" hidden>${placeholder("IMG.JPG", false)}</div>
<footer>Written by Rollcall ${tool.version}. Run ${id}. ${place === null ? null : html`Went to ${place}. `}Its receipt as JSON lies in the folder of receipts.</footer>
`;
  const script = what.hasPhotos ? `<script>${FILTER_SCRIPT}</script>\n` : "";
  return `${footer.text}${script}</body>\n</html>\n`;
}
