import { Afterwards, pageInAddress, setBanner, showPage } from "./afterwards.js";
import { announce } from "./announce.js";
import { Api, RefusedError, takeToken } from "./api.js";
import { followChanges } from "./changes.js";
import { devices } from "./devices.js";
import { button, byId, element, fill, setText } from "./element.js";
import { showEnded } from "./ended.js";
import { head } from "./head.js";
import { headlineOf } from "./headline.js";
import { PhotosView } from "./photos-view.js";
import { spaced, troubleNodes } from "./remedy.js";
import { runWords, shareOf } from "./run-words.js";
import type { Change, PageState, RemedyButton, Requests } from "./server-state.js";
import { Watch } from "./watch.js";

const token = takeToken();
if (token === null) showEnded("no-token");
else begin(new Api(token));

function begin(api: Api): void {
  history.scrollRestoration = "manual";
  const dock = byId("dock");
  let state: PageState | null = null;
  /** The run whose end has been read and put away. */
  let readRun = -1;
  /** A phone that is opened by itself once: whoever closes it means it. */
  let openedByItself = "";
  let isOver = false;

  const photos = new PhotosView({ api, onImport: (what) => void beginImport(what), onRefused: refused });
  const watch = new Watch({
    onStop: () => void ask("/api/stop", {}),
    onAnswer: (question, value) => void ask("/api/answer", { question, value }),
  });
  dock.append(photos.bar.node, watch.node);
  const afterwards = new Afterwards({
    api,
    doRemedy,
    onVerify: (receipt) => void ask("/api/verify", { receipt }),
    onSafeToRemove: () => void ask("/api/safe-to-remove", {}),
    onDoctor: () => void ask("/api/doctor", {}),
    onRefused: refused,
  });
  const showDevices = devices({
    doRemedy,
    onOpen: (udid) => {
      goTo("photos");
      void ask("/api/phone", { udid });
    },
    onEject: (udid) => void ask("/api/eject", { udid }),
  });
  const showHead = head({
    doRemedy,
    onAutomatic: (udid, on) => void ask("/api/automatic", { udid, on }),
    onShowReceipt: (name) => goTo(`receipts/${encodeURIComponent(name)}`),
    onShowAlbum: () => void ask("/api/show-album", {}),
    onLeave: () => goTo("leave"),
    onEndRead: () => {
      readRun = state?.run?.number ?? -1;
      if (state !== null) show(state);
      photos.focusPhotos();
    },
  });

  void followChanges(api, {
    onChange: hear,
    onConnection: (connection) => {
      if (connection === "ended" || connection === "refused") {
        if (!isOver) showEnded("ended");
        isOver = true;
      } else if (isOver) location.reload();
      else if (connection === "lost") setBanner("Rollcall does not answer. Waiting for it.");
      else setBanner(null);
    },
  });

  function hear(change: Change): void {
    if (isOver) return;
    if (change.type === "state") show(change.state);
    else if (change.type === "choice" || change.type === "answers") photos.hear(change);
  }

  function show(next: PageState): void {
    const before = state;
    state = next;
    showDevices(next);
    const isEndRead = next.run === null || next.run.number === readRun;
    showHead(next, isEndRead);
    photos.show(next);
    afterwards.show(next);
    const isRunning = next.run !== null && next.run.end === null;
    photos.bar.node.hidden = isRunning || next.opened?.photos == null;
    watch.node.hidden = !isRunning;
    if (next.run !== null && isRunning) watch.show(next.run, next.question);
    showDock();
    document.title = titleOf(next, isEndRead);
    tellWhatChanged(before, next);
    openTheOnlyPhone(next);
  }

  function showDock(): void {
    const isOnPhotos = pageInAddress(location.hash).view === "photos";
    const { run } = state ?? { run: null };
    const isRunning = run !== null && run.end === null;
    dock.hidden = isRunning ? false : !isOnPhotos || photos.bar.node.hidden;
  }

  function tellWhatChanged(before: PageState | null, next: PageState): void {
    if (before === null) return;
    const words = headlineOf(next, next.run?.number === readRun).title;
    if (words !== headlineOf(before, before.run?.number === readRun).title) announce(words);
    const hasEnded = before.run?.end === null && next.run?.end != null;
    if (hasEnded && pageInAddress(location.hash).view === "photos") scrollTo({ top: 0 });
    if (hasEnded && pageInAddress(location.hash).view === "receipts") void afterwards.showReceipts(null);
  }

  function openTheOnlyPhone({ opened, phones, run }: PageState): void {
    const [phone] = phones;
    if (opened !== null || phones.length !== 1 || !phone?.isReady || phone.udid === null) {
      if (phones.length === 0) openedByItself = "";
      return;
    }
    if (phone.udid === openedByItself || (run !== null && run.end === null)) return;
    openedByItself = phone.udid;
    void ask("/api/phone", { udid: phone.udid });
  }

  async function beginImport(what: "chosen" | "new"): Promise<void> {
    if (what === "chosen") await photos.settled();
    await ask("/api/import", { plan: photos.plan, what });
  }

  async function ask<Path extends keyof Requests>(path: Path, body: Requests[Path]): Promise<void> {
    byId("refused").hidden = true;
    try {
      const told = await api.post(path, body);
      byId("told").hidden = told === null;
      setText(byId("told"), told ?? "");
    } catch (error) {
      refused(error);
    }
  }

  function refused(error: unknown): void {
    // Nobody answers: the banner says so already.
    if (!(error instanceof RefusedError)) return;
    const place = byId("refused");
    const away = button("Dismiss", () => (place.hidden = true));
    fill(place, troubleNodes(error.trouble, doRemedy), element("p", {}, away));
    place.hidden = false;
    place.scrollIntoView({ block: "nearest" });
  }

  function doRemedy(does: RemedyButton["does"]): void {
    if (does === "import-new") void beginImport("new");
    else if (does === "import-again") void beginImport("chosen");
    else if (does === "verify" || does === "receipts") goTo("receipts");
    else if (does === "without-library") {
      const udid = state?.opened?.udid;
      if (udid !== undefined) void ask("/api/phone", { udid, withoutLibrary: true });
    } else if (does === "doctor") {
      goTo("check");
      void ask("/api/doctor", {});
    } else openAgain();
  }

  function openAgain(): void {
    goTo("photos");
    const udid = state?.opened?.udid ?? state?.phones.find(({ isReady }) => isReady)?.udid;
    if (udid != null) void ask("/api/phone", { udid });
  }

  function goTo(page: string): void {
    if (location.hash === `#${page}` || (page === "photos" && location.hash === "")) showAddressed();
    else location.hash = page;
  }

  function showAddressed(): void {
    const { view, receipt } = pageInAddress(location.hash);
    showPage(view);
    showDock();
    if (view === "receipts") void afterwards.showReceipts(receipt);
    scrollTo({ top: 0, behavior: "instant" });
  }

  addEventListener("hashchange", () => {
    showAddressed();
    byId("main").focus({ preventScroll: true });
  });
  showAddressed();

  addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof HTMLInputElement && !isTick(event.target);
    const isInDialog = document.querySelector("dialog[open]") !== null;
    if (isTyping || isInDialog || event.defaultPrevented || byId("photos-view").hidden) return;
    if (photos.key(event)) event.preventDefault();
  });

  byId("skip").addEventListener("click", () => {
    goTo("photos");
    photos.focusPhotos();
  });

  byId("quit").addEventListener("click", () => {
    const isRunning = state?.run != null && state.run.end === null;
    const words = isRunning
      ? "An import is on. It stops at the next safe point, and the next import goes on from there."
      : "The page closes its connection to the iPhone. Nothing is lost.";
    askWhether("Quit Rollcall?", words, "Quit Rollcall", () => void ask("/api/quit", {}));
  });
}

function isTick({ type }: HTMLInputElement): boolean {
  return type === "checkbox" || type === "radio" || type === "range";
}

function titleOf(state: PageState, isEndRead: boolean): string {
  const { run, question } = state;
  if (question !== null) return "Rollcall asks something";
  if (run !== null && run.end === null)
    return `${Math.floor(100 * Math.min(shareOf(run.copied), shareOf(run.imported)))} % ${runWords(run)}`;
  return `${headlineOf(state, isEndRead).title}: Rollcall`;
}

function askWhether(title: string, words: string, yes: string, onYes: () => void): void {
  const dialog = byId<HTMLDialogElement>("ask");
  const go = button(
    yes,
    () => {
      dialog.close();
      onYes();
    },
    { class: "button primary" },
  );
  const stay = button("Cancel", () => dialog.close());
  fill(
    dialog,
    element("h2", { id: "ask-title" }, title),
    element("p", {}, words),
    element("p", { class: "actions" }, spaced([go, stay])),
  );
  dialog.showModal();
  stay.focus();
}
