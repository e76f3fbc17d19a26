import { RollcallError } from "../errors.js";
import type { PhoneLedger } from "../ledger/phone-ledger.js";
import { typableName } from "../phone/choose-phone.js";
import type { PhoneIdentity } from "../phone/phone.js";
import { type Action, advise, IMPORT } from "../remedy.js";
import type { ImportParts, RunParts } from "./run-parts.js";

/**
 * Where nobody is there to see which phone it is, the phone proves it: by the key that the system's record of trust has,
 * or that it had in a run at which a person was there.
 * @throws RollcallError PHONE_NOT_APPROVED, before anything is read
 */
export function requireKnownKey(deps: KeyDeps): void {
  if (hasKnownKey(deps)) return;
  const name = deps.phone.identity.name || "This iPhone";
  throw new RollcallError("PHONE_NOT_APPROVED", {
    message: `${name} did not prove that it is the iPhone that was approved, so nothing was read from it.`,
    why: "It has the number of that iPhone, and another key than this Mac's record of trust.",
    remedy: advise`If it is yours: unlock it and run ${IMPORT} in a terminal once, which remembers its key.`,
  });
}

/** A person decides; that the device did not prove what it says of itself, they are told. */
export function reportOtherKey(deps: KeyDeps & Pick<RunParts, "report">): void {
  if (hasKnownKey(deps)) return;
  const message = `What calls itself ${deps.phone.identity.name || "an iPhone"} has another key than this computer's record of trust, so it may be another device under the same number. If it is not yours, unplug it.`;
  deps.report({ type: "notice", code: "OTHER_KEY", message });
}

type KeyDeps = Pick<RunParts, "phone" | "ledgerDatabase">;

function hasKnownKey({ phone: { key, identity }, ledgerDatabase }: KeyDeps): boolean {
  return key === undefined || key.isOfRecord || ledgerDatabase.hasKey(identity.udid, key.sha256);
}

/** Of a phone that a person imports from. */
export function rememberKey(
  ledger: PhoneLedger,
  { phone, questions }: Pick<ImportParts, "phone" | "questions">,
): void {
  const { key } = phone;
  if (questions === null || key === undefined || key.isOfRecord || key.sha256 === "") return;
  if (ledger.choices.get("confirmed") === "yes") ledger.choices.record("key", key.sha256);
}

/** @param identity null where nothing was read of the phone */
export function notApproved(identity: Pick<PhoneIdentity, "udid" | "name"> | null): RollcallError {
  const phone = identity === null || identity.name === "" ? "This iPhone" : identity.name;
  const approve: Action =
    identity === null ? { action: "approve" } : { action: "approve", phone: typableName(identity) };
  return new RollcallError("PHONE_NOT_APPROVED", {
    message: `${phone} was not approved, so nothing was read from it.`,
    remedy: advise`${approve} approves it; so does the first ${IMPORT} in a terminal.`,
  });
}
