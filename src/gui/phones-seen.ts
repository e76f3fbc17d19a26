import { nameOf } from "../phone/choose-phone.js";
import { comparableUdid } from "../phone/phone.js";
import { calledPhone, modelName } from "../phone/phone-models.js";
import { type SeenPhone, stateWords } from "../phone/phone-watch.js";
import { watchPhones } from "../phone/watch-phones.js";
import type { GuiParts } from "./gui-parts.js";
import { troubleOf } from "./in-page-words.js";
import type { LiveState } from "./live-state.js";
import type { PhoneOnCable } from "./page/server-state.js";
import { remedyInPage } from "./remedy-in-page.js";

/** Usbmuxd that was never there may be installed while the page is open. */
const BEFORE_ANOTHER_WATCH_MS = 5_000;

/** Who is on the cable, live, in the order in which they came. */
export class PhonesSeen {
  readonly #parts: Pick<GuiParts, "finder" | "clock" | "deeds">;
  readonly #live: LiveState;
  readonly #phones = new Map<string, SeenPhone>();
  /** By UDID; null: not known. */
  #automatic: ReadonlyMap<string, boolean | null> = new Map();

  constructor(parts: Pick<GuiParts, "finder" | "clock" | "deeds">, live: LiveState) {
    this.#parts = parts;
    this.#live = live;
  }

  /** Those that can be opened. */
  get ready(): readonly (SeenPhone & { readonly udid: string })[] {
    return [...this.#phones.values()].flatMap((phone) =>
      phone.state === "ready" && phone.udid !== null ? [{ ...phone, udid: phone.udid }] : [],
    );
  }

  find(udid: string): SeenPhone | null {
    const wanted = comparableUdid(udid);
    return (
      [...this.#phones.values()].find((one) => one.udid !== null && comparableUdid(one.udid) === wanted) ??
      null
    );
  }

  /** Looks for whom imports begin by themselves; what cannot be looked at is not known. */
  async lookAtAutomatic(): Promise<void> {
    const { automatic } = this.#parts.deeds;
    if (automatic === null) return;
    const udids = [...this.#phones.values()].flatMap(({ udid }) => (udid === null ? [] : [udid]));
    const looked = await Promise.all(
      udids.map(async (udid) => [udid, await automatic.isOn(udid).catch(() => null)] as const),
    );
    this.#automatic = new Map(looked);
    this.#tell();
  }

  #tell(): void {
    this.#live.set({ phones: [...this.#phones.values()].map((phone) => this.#inPage(phone)) });
  }

  /** Until the signal aborts. @param onChange called after each change has been told; null: phones can be seen again or no more */
  async watch(onChange: (phone: SeenPhone | null) => void, signal: AbortSignal): Promise<void> {
    const { finder, clock } = this.#parts;
    while (!signal.aborted) {
      try {
        for await (const change of watchPhones(finder, { clock, signal })) {
          if (change.type === "no-service") {
            this.#phones.clear();
            this.#live.set({ service: troubleOf(change.trouble) });
          } else {
            const key = keyOf(change.phone);
            if (change.type === "left") this.#phones.delete(key);
            else this.#phones.set(key, change.phone);
            this.#live.set({ service: null });
          }
          this.#tell();
          void this.lookAtAutomatic();
          onChange(change.type === "no-service" ? null : change.phone);
        }
      } catch (error) {
        if (signal.aborted) return;
        this.#live.set({ service: troubleOf(error) });
        await clock.wait(BEFORE_ANOTHER_WATCH_MS, signal).catch(() => {});
      }
    }
  }

  #inPage(phone: SeenPhone): PhoneOnCable {
    const { udid, identity, reason, state } = phone;
    const model = identity === null ? "" : modelName(identity.productType);
    const system = identity?.iosVersion ? `iOS ${identity.iosVersion}` : "";
    return {
      udid,
      name: identity === null ? nameOf(phone) : calledPhone(identity),
      kind: [model, system].filter((words) => words !== "").join(", "),
      isReady: state === "ready",
      words: stateWords(phone),
      trouble:
        reason === null
          ? null
          : {
              code: reason.code,
              message: reason.message,
              why: reason.why ?? null,
              remedy: remedyInPage(reason.remedy),
            },
      isAutomatic: udid === null ? null : (this.#automatic.get(udid) ?? null),
    };
  }
}

function keyOf({ udid, deviceId }: SeenPhone): string {
  return udid === null ? `bus ${deviceId ?? ""}` : comparableUdid(udid);
}
