/**
 * An Apple event that failed, with the number Apple gives it ("Error Numbers and Error Messages").
 * The texts are those of an English system; real ones are localised and must never be parsed.
 */
export class EventFailure extends Error {
  readonly number: number;

  constructor(number: number, message: string = messages[number] ?? "An error has occurred.") {
    super(message);
    this.name = "EventFailure";
    this.number = number;
  }
}

export const fileNotFound = -43;
const userCancelled = -128;
export const notRunning = -600;
export const connectionInvalid = -609;
export const cannotConvert = -1700;
export const parameterMissing = -1701;
export const eventNotUnderstood = -1708;
export const timedOut = -1712;
export const badIndex = -1719;
export const noSuchObject = -1728;
export const notPermitted = -1743;
export const consentNeeded = -1744;
export const handlerFailed = -10000;
export const notModifiable = -10003;
const cannotSet = -10006;
const cannotStart = -10810;

const messages: Readonly<Record<number, string>> = {
  [fileNotFound]: "File not found.",
  [userCancelled]: "User canceled.",
  [notRunning]: "Application isn't running.",
  [connectionInvalid]: "Connection is invalid.",
  [cannotConvert]: "Can't convert types.",
  [parameterMissing]: "Some parameter is missing for this command.",
  [eventNotUnderstood]: "Message not understood.",
  [timedOut]: "AppleEvent timed out.",
  [badIndex]: "Can't get object. Invalid index.",
  [noSuchObject]: "Can't get object.",
  [notPermitted]: "Not authorized to send Apple events to Photos.",
  [consentNeeded]: "The user's consent is needed to send Apple events to Photos.",
  [handlerFailed]: "AppleEvent handler failed.",
  [notModifiable]: "Can't set that. Access not allowed.",
  [cannotSet]: "Can't set that.",
  [cannotStart]: "An error occurred while Photos was being started.",
};
