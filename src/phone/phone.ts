import type { Reason } from "../errors.js";

/** Who a phone says it is. Every field is text from the device: never trusted, only shown. */
export interface PhoneIdentity {
  /** As usbmuxd spells it (40 hex digits, or 8-16 with a dash). Compare with {@link sameUdid}. */
  readonly udid: string;
  /** "Anna's iPhone" */
  readonly name: string;
  /** "iPhone16,1" */
  readonly productType: string;
  /** "18.5" */
  readonly iosVersion: string;
}

/** The key that a phone proved to have when the way to it was made. */
export interface PhoneKey {
  /** Of the public key (SubjectPublicKeyInfo, DER), in hexadecimal. */
  readonly sha256: string;
  /** It is the one that the system's record of their trust has for this phone. */
  readonly isOfRecord: boolean;
}

/** One regular file on the phone. */
export interface PhoneFile {
  /** Absolute below the media root, as the phone spells it: `/DCIM/100APPLE/IMG_0001.HEIC`. */
  readonly path: string;
  readonly sizeBytes: number;
  /**
   * Milliseconds since 1970; the phone has nanoseconds. A number, since a phone may have a hundred thousand files
   * and a Date takes more memory than all the rest of this.
   */
  readonly modifiedAtMs: number;
  /** When it came onto the phone, likewise; null where the phone does not say. */
  readonly bornAtMs: number | null;
}

/** What a listing yields. Symbolic links and devices are `other`: they do not answer the roll. */
export type PhoneEntry =
  | { readonly type: "file"; readonly file: PhoneFile }
  | { readonly type: "folder"; readonly path: string }
  | { readonly type: "other"; readonly path: string }
  /** The phone listed it and would not describe it; or a folder, told as one too, in which it would not list anything. */
  | { readonly type: "unreadable"; readonly path: string; readonly reason: Reason };

/** A trusted, unlocked phone. Read only: there is no way to write through this port. */
export interface Phone extends AsyncDisposable {
  readonly identity: PhoneIdentity;
  /** A name and a UDID can be copied, this cannot. Absent where a phone is not reached by a pairing. */
  readonly key?: PhoneKey | undefined;

  /**
   * Everything beneath `folder`, at any depth, in no promised order, dot names included.
   * A folder that is not there yields nothing.
   * @throws RollcallError PHONE_GONE, PHONE_LOCKED, PHONE_PROTOCOL
   */
  list(folder: string, signal?: AbortSignal): AsyncIterable<PhoneEntry>;

  /**
   * One file again; null when it is gone or is no regular file.
   * @throws PhoneFileError when the phone will not describe this one
   * @throws RollcallError as {@link list}
   */
  describe(path: string, signal?: AbortSignal): Promise<PhoneFile | null>;

  /**
   * The file's bytes in order, from `offset` (default 0) to the end that the phone reports.
   * Leaving the loop early is clean. A chunk is valid until the next is asked for.
   * @throws PhoneFileError when this one file cannot be read: the connection is fine
   * @throws RollcallError PHONE_GONE, PHONE_LOCKED, PHONE_PROTOCOL when the connection is not
   */
  read(path: string, options?: ReadOptions): AsyncIterable<Uint8Array>;

  /**
   * Pieces of one file that may be written to meanwhile: in the order of `pieces`, many of them asked for at once, each
   * as the file is at its own moment. A chunk is as long as its piece, or shorter where the file ends; it is valid
   * until the next is asked for. Leaving the loop early is clean.
   * @throws PhoneFileError, RollcallError as {@link read}
   */
  readPieces(path: string, pieces: readonly FilePiece[], signal?: AbortSignal): AsyncIterable<Uint8Array>;

  /** Resolves as soon as the phone is away and waited for. Absent where nobody waits for it. */
  whenAway?(): Promise<void>;
}

/** Where to begin, and how to stop. */
export interface ReadOptions {
  readonly offset?: number | undefined;
  /**
   * How the file was described. Where the phone describes it otherwise when it is opened, it is refused with
   * PhoneFileError before a byte of it is given: bytes of two states of a file are never put together. A file that
   * comes in one piece, less than 1 MiB, may be given without being described again. So whoever reads asks
   * afterwards whether it is still as expected.
   */
  readonly expected?: PhoneFile | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A stretch of a file. */
export interface FilePiece {
  readonly offset: number;
  /** 1 to 1,048,576. */
  readonly sizeBytes: number;
}

/** Same size and same times: what was read of it before still holds. */
export function isUnchanged(before: PhoneFile, now: PhoneFile): boolean {
  return (
    before.sizeBytes === now.sizeBytes &&
    before.modifiedAtMs === now.modifiedAtMs &&
    before.bornAtMs === now.bornAtMs
  );
}

/** The phone refused one file and is otherwise well. Becomes a `failed` answer, never the end of a run. */
export class PhoneFileError extends Error {
  readonly path: string;
  readonly reason: Reason;

  constructor(path: string, reason: Reason, cause?: unknown) {
    super(reason.message, { cause });
    this.name = "PhoneFileError";
    this.path = path;
    this.reason = reason;
  }
}

/** USB spells a UDID without its dash, usbmuxd with it, some tools in lower case. */
export function sameUdid(a: string, b: string): boolean {
  return comparableUdid(a) === comparableUdid(b);
}

/** For keys: two UDIDs of one phone become one text. */
export function comparableUdid(udid: string): string {
  return udid.replaceAll("-", "").toLowerCase();
}
