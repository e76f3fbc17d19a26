import { systemClock } from "../../clock.js";
import { RollcallError } from "../../errors.js";
import type { PhoneIdentity } from "../../phone/phone.js";
import type { PhotosParts } from "../../run/run-parts.js";
import { knownDestination } from "../../run/which-library.js";
import type { OpenDataFolder } from "./open-data-folder.js";

/**
 * Writes down that imports without a person may go from this phone into the library that is open.
 * @param before does what else belongs to it, once it is known that it can be written down
 * @returns the library; null where only Photos knows which one it was so far
 * @throws RollcallError PHOTOS_UNAVAILABLE where it is not known which library is meant
 */
export async function approvePhone(
  identity: PhoneIdentity,
  { ledgerDatabase }: Pick<OpenDataFolder, "ledgerDatabase">,
  { process, libraryAccess, originals }: PhotosParts,
  signal: AbortSignal,
  before: () => Promise<void> = async () => {},
): Promise<string | null> {
  const report = () => undefined; // which library it is, the answer names
  const photos = { process, libraryAccess, originals };
  const asked = { ...photos, ledgerDatabase, phone: { identity }, signal, report, clock: systemClock };
  const destination = await knownDestination(asked, {
    selection: {},
    edits: false,
    again: false,
    withoutPhoneLibrary: false,
  });
  if (destination.key === "" && !ledgerDatabase.hasImportedInto("")) {
    throw new RollcallError("PHOTOS_UNAVAILABLE", {
      message: "It is not known which Photos library to approve it for.",
      why: "Photos is closed or has several libraries open, and nothing was imported before.",
      remedy: "Open Photos with the library that the photos are to go into, and run this again.",
    });
  }
  await before();
  ledgerDatabase.ledgerFor(identity, destination).choices.record("confirmed", "yes");
  return destination.key === "" ? null : destination.key;
}
