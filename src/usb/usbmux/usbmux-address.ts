import { RollcallError } from "../../errors.js";

/** Where usbmuxd listens, in the shape that `net.connect` takes. */
export type UsbmuxAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** The same on macOS and Linux. It is connected to, never looked at first: it may be hidden from `stat`. */
export const SYSTEM_USBMUXD: UsbmuxAddress = { path: "/var/run/usbmuxd" };

/**
 * Reads `USBMUXD_SOCKET_ADDRESS`. Clients differ in the spellings they take, so all of them are taken:
 * `UNIX:/path`, `UNIX:///path`, `unix:///path`, `/path`, `tcp://host:port`, `host:port`, `[v6]:port`.
 * @param setting undefined and "" mean the system's socket
 * @throws RollcallError BAD_USAGE
 */
export function usbmuxAddress(setting: string | undefined): UsbmuxAddress {
  const text = setting?.trim() ?? "";
  if (text === "") return SYSTEM_USBMUXD;
  const path = /^unix:(?:\/\/)?(\/[^/].*)$/i.exec(text)?.[1] ?? (/^\/[^/]/.test(text) ? text : undefined);
  if (path !== undefined) return { path };
  const place = /^(?:tcp:(?:\/\/)?)?(?:\[([0-9A-Fa-f:.%\w]+)\]|([^\s:/[\]]+)):([0-9]{1,5})$/i.exec(text);
  const host = place?.[1] ?? place?.[2];
  const port = Number(place?.[3]);
  if (host !== undefined && port >= 1 && port <= 65535) return { host, port };
  throw new RollcallError("BAD_USAGE", {
    message: `USBMUXD_SOCKET_ADDRESS is "${text}", which is not the address of a usbmuxd.`,
    remedy: "Write UNIX:/path/to/socket or host:port, or leave it unset to use the system's usbmuxd.",
  });
}

/** For messages. */
export function describeAddress(address: UsbmuxAddress): string {
  if ("path" in address) return address.path;
  return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
