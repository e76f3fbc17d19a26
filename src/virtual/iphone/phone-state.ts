/** What keeps a virtual iPhone from giving its photos, as a test or a person at the demo asks for it. */
export const VIRTUAL_PHONE_STATES = {
  ready: "trusted, unlocked and paired with this computer",
  locked: "trusted, and locked again: it begins sessions, and gives no files",
  "before-first-unlock": "trusted, and not unlocked since it was switched on: it begins no session",
  "not-trusted": "this computer has no pair record, and nobody has answered the phone's question",
  "trust-pending": "its question is on its screen",
  "trust-refused": "somebody tapped Don't Trust",
  "trust-lost": "this computer has a pair record that the phone has forgotten",
  "not-allowed": "on the USB bus, and the accessory was not allowed: usbmuxd does not list it",
  "charging-only": "on a cable that carries no data",
  "network-only": "reachable over Wi-Fi, and on no cable",
  busy: "its file service has no place left",
} as const;

export type VirtualPhoneState = keyof typeof VIRTUAL_PHONE_STATES;

export function isVirtualPhoneState(text: string): text is VirtualPhoneState {
  return Object.hasOwn(VIRTUAL_PHONE_STATES, text);
}

/** How much of the phone is open. */
export type PhoneLock = "unlocked" | "locked" | "before-first-unlock";

/** What the cable does, besides charging. */
export type CableUse = "data" | "not-allowed" | "charging-only";
