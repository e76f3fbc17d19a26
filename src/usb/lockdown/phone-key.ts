import { createHash, X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";

/**
 * The key that the other end proved to have in its handshake, as the hash of what it is; "" where it showed none.
 * A certificate may be made anew for the same key, so keys are compared and not certificates.
 */
export function shownKey(socket: TLSSocket): string {
  const shown = socket.getPeerX509Certificate();
  return shown === undefined ? "" : keyHash(shown);
}

/** @returns "" where this is no certificate */
export function certifiedKey(certificate: Uint8Array): string {
  try {
    return keyHash(new X509Certificate(certificate));
  } catch {
    return "";
  }
}

function keyHash({ publicKey }: X509Certificate): string {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex");
}
