import type { Api } from "./api.js";
import { button, byId, element, fill, setText } from "./element.js";
import { icon } from "./icon.js";
import { type DoRemedy, remedyNodes, troubleNodes } from "./remedy.js";
import type { CheckNow, DoctorLine, PageState, ReceiptLine } from "./server-state.js";
import { whenChanged } from "./when-changed.js";
import { count, day, shortName, time } from "./words.js";

interface AfterwardsHooks {
  readonly api: Api;
  readonly doRemedy: DoRemedy;
  readonly onVerify: (receipt: string) => void;
  readonly onSafeToRemove: () => void;
  readonly onDoctor: () => void;
  readonly onRefused: (error: unknown) => void;
}

/** Receipts, what may leave the phone, and the check of the set-up. */
export class Afterwards {
  readonly #hooks: AfterwardsHooks;
  readonly #receipts = byId("receipts");
  readonly #list = element("ul", { class: "lines" });
  readonly #check = element("div", { class: "check-now", role: "status", hidden: true });
  readonly #paper = new Paper();
  readonly #verifyThis = element("button", { type: "button", class: "button" }, "Verify it again");
  readonly #back = element(
    "p",
    { class: "actions", hidden: true },
    element("a", { href: "#receipts" }, "All receipts"),
    this.#verifyThis,
  );
  readonly #leave = new CheckView(
    byId("leave"),
    "Everything that was imported is read again today, on the iPhone and in Photos. What is the same to the last byte may leave the iPhone; you delete it there yourself.",
    "Rollcall never deletes anything.",
    "Find out what may leave",
  );
  readonly #doctor = new CheckView(
    byId("check"),
    "Looks at everything that an import needs: this computer, Photos, its permissions, the cable and the iPhone.",
    "It changes nothing.",
    "Check everything",
  );
  #lines: readonly ReceiptLine[] = [];
  #wanted: string | null = null;

  constructor(hooks: AfterwardsHooks) {
    this.#hooks = hooks;
    fill(this.#receipts, this.#back, this.#check, this.#paper.node, this.#list);
    this.#verifyThis.addEventListener("click", () => {
      if (this.#wanted !== null) hooks.onVerify(this.#wanted);
    });
    this.#leave.onStart(hooks.onSafeToRemove);
    this.#doctor.onStart(hooks.onDoctor);
  }

  /** Reads the list anew, and shows one of them where a name is given. */
  async showReceipts(name: string | null): Promise<void> {
    this.#wanted = name;
    try {
      this.#lines = await this.#hooks.api.json<ReceiptLine[]>("/api/receipts");
    } catch (error) {
      this.#hooks.onRefused(error);
      return;
    }
    const isBusy = this.#isChecking;
    this.#drawLines({ lines: this.#lines, isBusy });
    const wanted = this.#lines.find((line) => line.name === this.#wanted);
    this.#back.hidden = wanted === undefined;
    this.#list.hidden = wanted !== undefined;
    if (wanted !== undefined) this.#open(wanted);
    else this.#paper.close();
  }

  #isChecking = false;

  show({ check }: PageState): void {
    this.#isChecking = check !== null && check.end === null;
    this.#verifyThis.disabled = this.#isChecking;
    this.#drawLines({ lines: this.#lines, isBusy: this.#isChecking });
    this.#drawVerify(check?.what === "verify" ? check : null);
    this.#leave.show(check?.what === "safe-to-remove" ? check : null, this.#isChecking, this.#hooks.doRemedy);
    this.#doctor.show(check?.what === "doctor" ? check : null, this.#isChecking, this.#hooks.doRemedy);
  }

  readonly #drawLines = whenChanged(
    ({ lines, isBusy }: { lines: readonly ReceiptLine[]; isBusy: boolean }) => {
      if (lines.length === 0) {
        fill(this.#list, element("li", { class: "soft" }, "There is none yet. Each import writes one."));
        return;
      }
      fill(
        this.#list,
        lines.map((line) => this.#lineNode(line, isBusy)),
      );
    },
  );

  #lineNode(line: ReceiptLine, isBusy: boolean): HTMLElement {
    const open = element(
      "a",
      { class: "line", href: `#receipts/${encodeURIComponent(line.name)}` },
      element("span", { class: "line-when" }, `${day(line.at)}, ${time(line.at)}`),
      element("bdi", { class: "soft" }, shortName(line.phone, 40)),
      element("span", { class: line.isTrouble ? "answer wrong" : "answer good" }, line.summary),
    );
    const verify = button("Verify", () => this.#hooks.onVerify(line.name), {
      title: "Reads everything again and compares",
      "aria-label": `Verify the import of ${day(line.at)}, ${time(line.at)}`,
      disabled: isBusy,
    });
    return element("li", {}, open, verify);
  }

  #open({ address, at, phone }: ReceiptLine): void {
    this.#paper.open(address, `Receipt of ${day(at)}, ${time(at)}, ${shortName(phone, 40)}`);
  }

  readonly #drawVerify = whenChanged((check: CheckNow | null) => {
    this.#check.hidden = check === null;
    if (check === null) return fill(this.#check);
    fill(this.#check, checkNodes(check, this.#hooks.doRemedy));
    if (check.end?.type === "document" && check.end.address !== null)
      this.#paper.open(check.end.address, check.end.summary);
  });
}

/** A page of Rollcall's own in a frame that may run its script and nothing else. */
class Paper {
  readonly node = element("div", { class: "paper", hidden: true });
  #address = "";

  open(address: string, title: string): void {
    if (this.#address === address && !this.node.hidden) return;
    this.#address = address;
    const frame = element("iframe", { sandbox: "allow-scripts", title });
    frame.src = address;
    this.node.hidden = false;
    fill(this.node, frame);
  }

  close(): void {
    this.#address = "";
    this.node.hidden = true;
    fill(this.node);
  }
}

/** A check with its button, how far it is, and what came out. */
class CheckView {
  readonly #start: HTMLButtonElement;
  readonly #now = element("div", { class: "check-now", role: "status", hidden: true });
  readonly #paper = new Paper();

  constructor(place: HTMLElement, words: string, promise: string, start: string) {
    this.#start = button(start, () => {}, { class: "button primary" });
    fill(
      place,
      element("p", { class: "more" }, words),
      element("p", { class: "more" }, promise),
      element("p", { class: "actions" }, this.#start),
      this.#now,
      this.#paper.node,
    );
  }

  onStart(start: () => void): void {
    this.#start.addEventListener("click", start);
  }

  show(check: CheckNow | null, isBusy: boolean, doRemedy: DoRemedy): void {
    this.#start.disabled = isBusy;
    this.#draw({ check, doRemedy });
  }

  readonly #draw = whenChanged(({ check, doRemedy }: { check: CheckNow | null; doRemedy: DoRemedy }) => {
    this.#now.hidden = check === null;
    if (check === null) return this.#paper.close();
    fill(this.#now, checkNodes(check, doRemedy));
    if (check.end?.type === "document" && check.end.address !== null)
      this.#paper.open(check.end.address, check.end.summary);
    else this.#paper.close();
  });
}

function checkNodes({ words, done, of, end }: CheckNow, doRemedy: DoRemedy): Node[] {
  if (end === null) {
    if (of === null)
      return [element("p", {}, words), element("div", { class: "busy", "aria-hidden": "true" })];
    const progress = element("progress", { max: of, "aria-label": words });
    progress.value = done;
    return [element("p", {}, `${words} ${count(done)} of ${count(of)}`), progress];
  }
  if (end.type === "failed")
    return [element("div", { class: "trouble" }, troubleNodes(end.trouble, doRemedy))];
  if (end.type === "document") return [element("p", { class: "check-sum" }, end.summary)];
  return [
    element("p", { class: "check-sum" }, doctorSum(end.lines.map(({ status }) => status))),
    element(
      "ul",
      { class: "lines doctor" },
      end.lines.map((line) => doctorNode(line, doRemedy)),
    ),
  ];
}

const STATUS_ICONS = { ok: "tick", note: "check", problem: "cross" } as const;
const STATUS_WORDS = { ok: "fine", note: "to know", problem: "trouble" } as const;

function doctorNode({ status, title, words, remedy }: DoctorLine, doRemedy: DoRemedy): HTMLElement {
  const sign = element(
    "span",
    { class: `sign s-${status}` },
    icon(STATUS_ICONS[status]),
    STATUS_WORDS[status],
  );
  const text = element("div", {}, element("p", { class: "line-when" }, title), element("p", {}, words));
  if (remedy !== null && remedy.length > 0)
    text.append(element("p", { class: "remedy" }, remedyNodes(remedy, doRemedy)));
  return element("li", {}, sign, text);
}

function doctorSum(statuses: readonly string[]): string {
  const problems = statuses.filter((status) => status === "problem").length;
  return problems === 0
    ? "An import can begin."
    : problems === 1
      ? "One thing is in the way."
      : `${problems} things are in the way.`;
}

/** Which of the pages is shown is in the address, so that Back goes back. */
export function pageInAddress(hash: string): {
  view: "photos" | "receipts" | "leave" | "check";
  receipt: string | null;
} {
  const [, view = "photos", receipt] = /^#(receipts|leave|check|photos)(?:\/(.+))?$/.exec(hash) ?? [];
  return { view: view as "photos", receipt: receipt === undefined ? null : decoded(receipt) };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

export function showPage(view: string): void {
  for (const name of ["photos", "receipts", "leave", "check"]) {
    byId(`${name}-view`).hidden = name !== view;
    const link = byId(`to-${name}`);
    if (name === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

export function setBanner(words: string | null): void {
  const banner = byId("lost");
  banner.hidden = words === null;
  setText(banner, words ?? "");
}
