import { element } from "./element.js";
import type { Remedy, RemedyButton, Trouble } from "./server-state.js";

export type DoRemedy = (does: RemedyButton["does"]) => void;

/** Opens a page of System Settings; any other address in a text stays text. */
const SETTINGS = /(x-apple\.systempreferences:[\w.?&=-]+)/;

/** What to do: sentences, and a button where the page can do it. */
export function remedyNodes(remedy: Remedy, doIt: DoRemedy): Node[] {
  return remedy.flatMap((part): Node[] => {
    if (typeof part === "string") return [element("span", {}, withSettingsLinks(part))];
    const made = element("button", { type: "button", class: "button" }, part.words);
    made.addEventListener("click", () => doIt(part.does));
    return [made];
  });
}

/** What is wrong, why, and what to do. */
export function troubleNodes({ message, why, remedy }: Trouble, doIt: DoRemedy): Node[] {
  const nodes: Node[] = [element("p", { class: "trouble-message" }, message)];
  if (why !== null && why !== "") nodes.push(element("p", { class: "why" }, why));
  if (remedy.length > 0) nodes.push(element("p", { class: "remedy" }, remedyNodes(remedy, doIt)));
  return nodes;
}

export function spaced(nodes: readonly Node[]): (Node | string)[] {
  return nodes.flatMap((node, at) => (at === 0 ? [node] : [" ", node]));
}

function withSettingsLinks(text: string): (Node | string)[] {
  return text.split(SETTINGS).map((part) => {
    if (!SETTINGS.test(part)) return part;
    const link = element("a", {}, "Open System Settings");
    link.href = part;
    return link;
  });
}
