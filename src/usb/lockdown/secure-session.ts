import type { Duplex } from "node:stream";
import { connect, type TLSSocket } from "node:tls";
import { withDeadline } from "../wire/deadline.js";
import type { PairRecord } from "./pair-record.js";

/**
 * The phone or this computer ended the handshake. Its message is a short code and never the text of
 * OpenSSL or Node, so that nothing of a key can be in it.
 */
export class SecureSessionError extends Error {
  /** Node's or OpenSSL's code: "ECONNRESET", "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", ... */
  readonly code: string;
  /**
   * `closed`: the peer hung up. `unusable-record`: the pair record's own key or certificate could not be
   * loaded. `failed`: anything else that TLS says.
   */
  readonly kind: "closed" | "unusable-record" | "failed";

  constructor(code: string, kind: SecureSessionError["kind"]) {
    super(`the secure connection could not be made (${code})`);
    this.name = "SecureSessionError";
    this.code = code;
    this.kind = kind;
  }
}

/** TLS 1.0 only, as phones before iOS 10 speak it; anything newer works with Node's defaults. */
const TLS_OF_OLD = { minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" } as const;

/**
 * Turns a stream to the phone into a secure one: same socket, this computer as TLS client with the
 * certificate of the pair record.
 *
 * The phone's certificate is nameless and self-made, so no chain and no name is checked. It should be the
 * DeviceCertificate of the record, but records with another one exist that work (pymobiledevice3 issue 1458),
 * so it is no condition here: `shownKey` tells whose key was proved.
 *
 * @throws SecureSessionError; the stream is destroyed then
 */
export async function secureSession(
  stream: Duplex,
  record: PairRecord,
  options: { timeoutMs: number; isBeforeIos10?: boolean; signal?: AbortSignal | undefined },
): Promise<TLSSocket> {
  const { certificate, privateKey } = record.hostCredentials();
  let socket: TLSSocket;
  try {
    socket = connect({
      socket: stream,
      cert: certificate,
      key: privateKey,
      rejectUnauthorized: false,
      ...(options.isBeforeIos10 ? TLS_OF_OLD : {}),
    });
  } catch (error) {
    // A key or certificate that OpenSSL cannot load is thrown here, at once.
    stream.destroy();
    throw new SecureSessionError(codeOf(error), "unusable-record");
  }
  const ready = new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", (error) =>
      reject(new SecureSessionError(codeOf(error), isClosing(error) ? "closed" : "failed")),
    );
    socket.once("close", () => reject(new SecureSessionError("closed", "closed")));
  });
  socket.on("error", () => {});
  const cancel = () => {
    socket.destroy();
    stream.destroy();
  };
  try {
    await withDeadline(ready, { timeoutMs: options.timeoutMs, signal: options.signal, cancel });
  } catch (error) {
    cancel();
    throw error;
  }
  return socket;
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return /^[A-Z0-9_]{1,80}$/.test(code) ? code : "unknown";
}

function isClosing(error: unknown): boolean {
  return ["ECONNRESET", "EPIPE"].includes(codeOf(error));
}
