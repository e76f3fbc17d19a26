import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { TrustedHost } from "./phone-trust.js";

/**
 * The phone's side of TLS on a socket whose plain part is over. The host has to show a certificate of its pair
 * record, byte for byte; one that shows none or another is cut off once the handshake is done. Chains and
 * names are looked at by neither side.
 */
export function secureWithHost(socket: Socket, host: TrustedHost): TLSSocket {
  const secure = new TLSSocket(socket, {
    isServer: true,
    secureContext: host.secureContext,
    requestCert: true,
    rejectUnauthorized: false,
  });
  secure.on("error", () => secure.destroy());
  secure.on("close", () => socket.destroy());
  secure.once("secure", () => {
    const shown = secure.getPeerX509Certificate()?.raw;
    if (!shown || !host.hostCertificates.some((known) => known.equals(shown))) secure.destroy();
  });
  return secure;
}
