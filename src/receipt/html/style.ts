import { PLACEHOLDER_STYLE } from "./placeholders.js";

/** How the page looks: on a screen by day and by night, on a phone, and on paper. Nothing is fetched for it. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf6; --card: #ffffff; --ink: #23262b; --soft: #5c626b; --line: #e2dfd6; --hollow: #efece4;
  --link: #1f5d8c;
  --proved: #2f7d57; --present: #2f7f96; --left: #7d7f97; --cloud: #5b85b5; --aside: #a39b8b; --wrong: #c2452d;
  --good-ink: #1f6342; --listed-ink: #1b6276; --left-ink: #585b73; --wrong-ink: #a83620;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #17191c; --card: #1f2226; --ink: #e9e7e1; --soft: #a9adb4; --line: #33373d; --hollow: #2a2e33;
    --link: #8fc1e8;
    --proved: #4fa67b; --present: #4d9fb7; --left: #8486a3; --cloud: #6f9bcc; --aside: #7d776b; --wrong: #e0654c;
    --good-ink: #7fcfa5; --listed-ink: #83c9de; --left-ink: #b4b6cf; --wrong-ink: #f59a86;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0 auto; max-width: 72rem; padding: 3.5rem 2rem 5rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
}
h1 {
  margin: 0 0 .6rem; max-width: 26ch; font: 500 2.6rem/1.15 ui-serif, "New York", Georgia, "Times New Roman", serif;
  letter-spacing: -.01em; text-wrap: balance;
}
h2 { margin: 3.2rem 0 .9rem; font: 500 1.45rem/1.3 ui-serif, "New York", Georgia, "Times New Roman", serif; }
p { margin: 0 0 .6rem; }
code { font: .85em/1.4 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 6px; }
.skip { position: absolute; left: -99rem; color: var(--link); }
.skip:focus { left: 2rem; top: 1rem; }
.kicker { margin: 0 0 .9rem; color: var(--soft); font-size: .85rem; letter-spacing: .09em; text-transform: uppercase; }
.more { max-width: 62ch; color: var(--soft); font-size: 1.1rem; }

.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1.2rem 1.8rem; margin: 2rem 0 0; }
.facts dt { color: var(--soft); font-size: .85rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.facts small { display: block; color: var(--soft); font-size: .85rem; }

.bar { display: block; width: 100%; height: 1rem; border-radius: 8px; background: var(--hollow); }
rect.a-proved { fill: var(--proved); } rect.a-present { fill: var(--present); }
rect.a-not-chosen, rect.a-hidden, rect.a-in-trash, rect.a-removed { fill: var(--left); }
rect.a-in-icloud, rect.a-in-icloud-only { fill: var(--cloud); }
rect.a-set-aside { fill: var(--aside); }
rect.a-failed, rect.a-differs, rect.a-missing, rect.a-unknown { fill: var(--wrong); }
.bar rect { stroke: var(--paper); stroke-width: 1.5; }

.legend { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .5rem; margin: .9rem 0 0; padding: 0; list-style: none; }
.pick {
  display: grid; grid-template-columns: auto 1fr; gap: 0 .55rem; align-content: start; width: 100%; height: 100%; box-sizing: border-box;
  padding: .6rem .8rem; border: 1px solid var(--line); border-radius: 10px; background: var(--card); color: var(--ink);
  font: inherit; text-align: left; cursor: pointer;
}
.pick:disabled, span.pick { cursor: default; }
.pick:hover:enabled { border-color: var(--soft); }
.pick[aria-pressed=true] { border-color: var(--link); box-shadow: inset 0 0 0 1px var(--link); }
.pick .count { font-variant-numeric: tabular-nums; font-weight: 600; }
.pick .meaning { grid-column: 1 / -1; color: var(--soft); font-size: .85rem; line-height: 1.4; }

.answer { white-space: nowrap; color: var(--left-ink); }
.answer::before { content: ""; display: inline-block; width: .6em; height: .6em; margin-right: .4em; border-radius: 50%; background: var(--left); }
.answer.a-proved { color: var(--good-ink); } .answer.a-proved::before { background: var(--proved); }
.answer.a-present { color: var(--listed-ink); } .answer.a-present::before { background: none; box-shadow: inset 0 0 0 .16em var(--present); }
.answer.a-in-icloud::before, .answer.a-in-icloud-only::before { background: var(--cloud); }
.answer.a-set-aside::before { background: var(--aside); }
.answer.a-failed, .answer.a-differs, .answer.a-missing, .answer.a-unknown { color: var(--wrong-ink); font-weight: 600; }
.answer.a-failed::before, .answer.a-differs::before, .answer.a-missing::before, .answer.a-unknown::before { border-radius: 1px; background: var(--wrong); transform: rotate(45deg); }

.list { margin: 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
.list > li { padding: .7rem 0; border-bottom: 1px solid var(--line); }
.reasons > li { display: grid; grid-template-columns: 17rem 1fr; gap: 0 1.5rem; }
.reasons .answer { margin-left: .6rem; }
.list p { margin: 0; max-width: 76ch; }
.list .remedy, .list .why { color: var(--soft); }
.path { font-weight: 600; overflow-wrap: anywhere; }
.button {
  padding: .45rem .9rem; border: 1px solid var(--line); border-radius: 999px; background: var(--card); color: var(--link);
  font: inherit; cursor: pointer;
}
.button:disabled { display: none; }

.find { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: 0 -.5rem .8rem; padding: .6rem .5rem; background: var(--paper); }
.find[hidden] { display: none; }
.find label { font-weight: 600; }
#search {
  flex: 1 1 16rem; min-width: 0; max-width: 28rem; padding: .5rem .9rem; border: 1px solid var(--soft); border-radius: 999px;
  background: var(--card); color: var(--ink); font: inherit;
}
#shown { margin: 0; color: var(--soft); font-variant-numeric: tabular-nums; }

.sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .4rem; margin: 0 -.5rem; padding: 0; list-style: none; }
.item { padding: .5rem; border-radius: 12px; content-visibility: auto; contain-intrinsic-size: auto 10.5rem; }
.sheet[hidden], .item[hidden] { display: none; }
.item:has(details[open]) { grid-column: 1 / -1; background: var(--card); box-shadow: inset 0 0 0 1px var(--line); }
.item summary { display: grid; gap: .1rem; list-style: none; cursor: pointer; font-size: .85rem; line-height: 1.4; }
.item summary::-webkit-details-marker { display: none; }
.picture { display: block; width: 100%; max-width: 15rem; aspect-ratio: 4 / 3; border-radius: 8px; background: var(--hollow) center / contain no-repeat; object-fit: cover; }
.item summary:hover .picture { box-shadow: 0 0 0 2px var(--link); }
.item .name { overflow-wrap: anywhere; margin-top: .3rem; }
.item .name bdi { font-weight: 600; }
.kinds { color: var(--soft); white-space: nowrap; }
.files { display: grid; gap: 1.2rem; padding: .9rem 0 .4rem; }
.file p { margin: 0 0 .2rem; max-width: 76ch; }
.file dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .3rem 0 0; font-size: .9rem; }
.file dt { color: var(--soft); }
.file dd { margin: 0; overflow-wrap: anywhere; }
.names { padding-left: 1.2rem; font-size: .85rem; overflow-wrap: anywhere; }
.day { grid-column: 1 / -1; margin: 1.4rem .5rem 0; }
h3 { margin: 0; font-size: 1.05rem; font-weight: 600; }
.why-stays { padding: .8rem 0; border-top: 1px solid var(--line); }
.why-stays > summary { max-width: 68ch; cursor: pointer; }
.why-stays > .remedy { margin: .5rem 0; color: var(--soft); }
.days { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: .5rem 0 0; }
.days dt { color: var(--soft); }
.days dd { margin: 0; overflow-wrap: anywhere; }
.days small { color: var(--soft); }
.plain { margin: .6rem 0 0; padding: 0; list-style: none; overflow-wrap: anywhere; }
#none { padding: 2rem 0; color: var(--soft); }
${PLACEHOLDER_STYLE}footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .85rem; }

@media (max-width: 40rem) {
  body { padding: 2rem 1.1rem 4rem; }
  h1 { font-size: 2rem; }
  .sheet { grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr)); }
  .reasons > li { grid-template-columns: 1fr; }
  .file dl, .days { grid-template-columns: 1fr; }
  .file dd { margin-bottom: .3rem; }
}
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10pt; background: #fff; }
  h1 { font-size: 24pt; } h2 { margin-top: 18pt; break-after: avoid; }
  .find, .skip, .button { display: none; }
  .bar, .answer::before, .picture { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .sheet { grid-template-columns: repeat(6, 1fr); margin: 0; }
  .item { content-visibility: visible; break-inside: avoid; padding: 3pt; }
  .item summary { font-size: 7.5pt; }
  .list > li, .file { break-inside: avoid; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`;
