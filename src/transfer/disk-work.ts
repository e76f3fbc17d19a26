/** What a disk is asked; answered with the same `id`. */
export type DiskRequest = { readonly id: number } & (
  | { readonly ask: "create"; readonly file: number; readonly path: string }
  | { readonly ask: "write"; readonly file: number; readonly bytes: Uint8Array }
  | { readonly ask: "finish"; readonly file: number; readonly modifiedAtMs: number | null }
  | {
      readonly ask: "resume";
      readonly file: number;
      readonly path: string;
      readonly sizeBytes: number;
      readonly hashStart: string;
    }
  | { readonly ask: "sync"; readonly file: number }
  | { readonly ask: "rename"; readonly from: string; readonly to: string }
  | { readonly ask: "close"; readonly file: number }
  | { readonly ask: "discard"; readonly file: number; readonly path: string }
  | {
      readonly ask: "store";
      readonly path: string;
      readonly bytes: Uint8Array;
      readonly modifiedAtMs: number | null;
    }
  | { readonly ask: "hash"; readonly path: string }
  | { readonly ask: "name"; readonly from: string; readonly to: string; readonly modifiedAtMs: number | null }
);

export interface DiskReply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly message: string; readonly code: string };
}

/** The answer to `sync`. */
export interface SyncedBytes {
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** What the work needs of Node, and where its replies go. */
interface DiskWorkDeps {
  readonly fs: typeof import("node:fs");
  readonly createHash: typeof import("node:crypto").createHash;
  /** Of the fingerprint; null where none is taken. */
  readonly salt: string | null;
  readonly send: (replies: readonly DiskReply[]) => void;
}

/**
 * Everything that is done to copies on the disk; what it returns takes requests. A thread is given this function as
 * text, so that it runs from sources and from a build alike: nothing outside it can be seen in it, and no `import` may
 * stand in it.
 *
 * Files are written in calls that wait, which cost less than half of calls that do not. A sync may take long, so several
 * are under way at once, and a large file is read back piece by piece, with other work in between.
 */
export function diskWork({
  fs,
  createHash,
  salt,
  send,
}: DiskWorkDeps): (requests: readonly DiskRequest[]) => void {
  const PIECE_BYTES = 1024 * 1024;
  const PIECES_IN_A_ROW = 4;
  const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  /** No link: what it leads to would be written into. Without waiting, if it is a pipe. */
  const GO_ON = fs.constants.O_RDWR | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK;
  /** @throws where something has that name */
  const openFile = (path: string, flags: string | number) => ({
    descriptor: fs.openSync(path, flags, 0o600),
    isOpen: true,
    sha256: createHash("sha256"),
    sha1: salt === null ? null : createHash("sha1").update(salt),
    sizeBytes: 0,
  });
  type OpenCopy = ReturnType<typeof openFile>;
  const files = new Map<number, OpenCopy>();
  /** Once only, also where the system refuses it: the number may be another file's by then. */
  const closeDescriptor = (file: { readonly descriptor: number; isOpen: boolean }) => {
    if (!file.isOpen) return;
    file.isOpen = false;
    fs.closeSync(file.descriptor);
  };
  /** Whoever undoes something has an error to tell of already. */
  const quietly = (undo: () => void) => {
    try {
      undo();
    } catch {}
  };

  let replies: DiskReply[] = [];
  const sendReplies = () => {
    const ready = replies;
    replies = [];
    if (ready.length > 0) send(ready);
  };
  const reply = (one: DiskReply) => {
    if (replies.push(one) === 1) setImmediate(sendReplies);
  };
  const fail = (id: number, error: unknown) => {
    const { message, code } = error as NodeJS.ErrnoException;
    reply({ id, error: { message: String(message), code: String(code ?? "") } });
  };

  const addToHashes = (file: OpenCopy, bytes: Uint8Array) => {
    file.sha256.update(bytes);
    file.sha1?.update(bytes);
    file.sizeBytes += bytes.byteLength;
  };

  const write = (file: OpenCopy, bytes: Uint8Array) => {
    const from = file.sizeBytes;
    addToHashes(file, bytes);
    for (let at = 0; at < bytes.byteLength; )
      at += fs.writeSync(file.descriptor, bytes, at, bytes.byteLength - at, from + at);
  };

  const finish = (id: number, file: OpenCopy, modifiedAtMs: number | null, onFailed: () => void) => {
    // Node takes a number below 0 for now.
    if (modifiedAtMs !== null)
      fs.futimesSync(file.descriptor, new Date(modifiedAtMs), new Date(modifiedAtMs));
    fs.fsync(file.descriptor, (unsynced) => {
      try {
        if (unsynced !== null) throw unsynced;
        closeDescriptor(file);
        const sha1 = file.sha1?.digest();
        const fingerprint = sha1 === undefined ? "" : Buffer.concat([Buffer.of(1), sha1]).toString("base64");
        reply({ id, value: { sha256: file.sha256.digest("hex"), fingerprint } });
      } catch (error) {
        onFailed();
        fail(id, error);
      }
    });
  };

  const store = (id: number, path: string, bytes: Uint8Array, modifiedAtMs: number | null) => {
    const file = openFile(path, "wx");
    const undo = () => {
      quietly(() => closeDescriptor(file));
      quietly(() => fs.rmSync(path, { force: true }));
    };
    try {
      write(file, bytes);
      finish(id, file, modifiedAtMs, undo);
    } catch (error) {
      undo();
      throw error;
    }
  };

  const hash = (id: number, path: string) => {
    const sha256 = createHash("sha256");
    const file = { descriptor: fs.openSync(path, "r"), isOpen: true };
    const readOn = () => {
      try {
        for (let piece = 0; piece < PIECES_IN_A_ROW; piece += 1) {
          const sizeBytes = fs.readSync(file.descriptor, buffer, 0, PIECE_BYTES, null);
          sha256.update(buffer.subarray(0, sizeBytes));
          if (sizeBytes > 0) continue;
          closeDescriptor(file);
          return reply({ id, value: sha256.digest("hex") });
        }
        setImmediate(readOn);
      } catch (error) {
        quietly(() => closeDescriptor(file));
        fail(id, error);
      }
    };
    readOn();
  };

  const resume = (request: Extract<DiskRequest, { ask: "resume" }>) => {
    const { id, path, sizeBytes, hashStart } = request;
    const file = openFile(path, GO_ON);
    const found = fs.fstatSync(file.descriptor);
    // What another file's bytes are cut off from is not a copy of ours.
    if (!found.isFile() || found.nlink !== 1 || found.uid !== (process.geteuid?.() ?? found.uid)) {
      closeDescriptor(file);
      throw Object.assign(new Error(`${path} is not Rollcall's own`), { code: "EPERM" });
    }
    const readOn = () => {
      try {
        for (let piece = 0; file.sizeBytes < sizeBytes; piece += 1) {
          if (piece === PIECES_IN_A_ROW) return void setImmediate(readOn);
          const wanted = Math.min(PIECE_BYTES, sizeBytes - file.sizeBytes);
          const readBytes = fs.readSync(file.descriptor, buffer, 0, wanted, file.sizeBytes);
          if (readBytes === 0) break;
          addToHashes(file, buffer.subarray(0, readBytes));
        }
        const found = file.sha256.copy().digest("hex");
        const isWhole = file.sizeBytes === sizeBytes && found.startsWith(hashStart);
        if (isWhole) {
          fs.ftruncateSync(file.descriptor, sizeBytes);
          files.set(request.file, file);
        } else {
          closeDescriptor(file);
          fs.rmSync(path, { force: true });
        }
        reply({ id, value: isWhole });
      } catch (error) {
        quietly(() => closeDescriptor(file));
        fail(id, error);
      }
    };
    readOn();
  };

  const sync = (id: number, file: OpenCopy) => {
    fs.fsync(file.descriptor, (error) => {
      if (error !== null) return fail(id, error);
      reply({ id, value: { sizeBytes: file.sizeBytes, sha256: file.sha256.copy().digest("hex") } });
    });
  };

  const close = (number: number) => {
    const file = files.get(number);
    files.delete(number);
    if (file !== undefined) closeDescriptor(file);
  };

  const discard = (number: number, path: string) => {
    quietly(() => close(number));
    fs.rmSync(path, { force: true });
  };

  const renameNoReplace = (from: string, to: string, modifiedAtMs: number | null) => {
    if (fs.lstatSync(to, { throwIfNoEntry: false }) !== undefined) return false;
    fs.renameSync(from, to);
    if (modifiedAtMs !== null) fs.utimesSync(to, new Date(modifiedAtMs), new Date(modifiedAtMs));
    return true;
  };

  const LATER = Symbol("answered later");
  const answer = (request: DiskRequest): unknown => {
    switch (request.ask) {
      case "create":
        return void files.set(request.file, openFile(request.path, "wx"));
      case "write":
        return write(files.get(request.file)!, request.bytes);
      case "finish": {
        const file = files.get(request.file)!;
        finish(request.id, file, request.modifiedAtMs, () => files.set(request.file, file));
        files.delete(request.file);
        return LATER;
      }
      case "store":
        store(request.id, request.path, request.bytes, request.modifiedAtMs);
        return LATER;
      case "resume":
        resume(request);
        return LATER;
      case "sync":
        sync(request.id, files.get(request.file)!);
        return LATER;
      case "rename":
        return fs.renameSync(request.from, request.to);
      case "close":
        return close(request.file);
      case "discard":
        return discard(request.file, request.path);
      case "hash":
        hash(request.id, request.path);
        return LATER;
      case "name":
        return renameNoReplace(request.from, request.to, request.modifiedAtMs);
    }
  };

  return (requests) => {
    for (const request of requests) {
      try {
        const value = answer(request);
        if (value !== LATER) reply({ id: request.id, value });
      } catch (error) {
        fail(request.id, error);
      }
    }
  };
}
