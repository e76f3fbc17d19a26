type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;
type Child = Node | string | null | undefined | false;
/** Lists are taken in whole: a call takes some 100,000 arguments, and a phone may have as many albums. */
type Children = readonly (Child | readonly Child[])[];

/** An element with attributes and children. Texts become text nodes, never markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Children
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) setAttribute(made, key, value);
  appendAll(made, children);
  return made;
}

/** True: there without a value; false, null, undefined: not there. ARIA's own true and false are texts. */
export function setAttribute(of: Element, key: string, value: Attributes[string]): void {
  if (value === null || value === undefined || value === false) of.removeAttribute(key);
  else if (of.getAttribute(key) !== String(value)) of.setAttribute(key, value === true ? "" : String(value));
}

export function button(
  words: string,
  onClick: (event: MouseEvent) => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  const made = element("button", { type: "button", class: "button", ...attributes }, words);
  made.addEventListener("click", onClick);
  return made;
}

/** Puts other children into an element. */
export function fill(parent: Element, ...children: Children): void {
  parent.replaceChildren();
  appendAll(parent, children);
}

/** Changes a text only where it differs, so that a screen reader is not told the same again. */
export function setText(of: Element, text: string): void {
  if (of.textContent !== text) of.textContent = text;
}

export function byId<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element ${id}.`);
  return found as T;
}

function appendAll(parent: Element, children: Children): void {
  for (const child of children.flat()) if (isPresent(child)) parent.append(child);
}

function isPresent(child: Child): child is Node | string {
  return child !== null && child !== undefined && child !== false && child !== "";
}
