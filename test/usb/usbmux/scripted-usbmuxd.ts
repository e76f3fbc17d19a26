import { createServer, type Server, type Socket } from "node:net";
import {
  decodeUsbmuxBody,
  decodeUsbmuxHeader,
  encodeUsbmuxPacket,
} from "../../../src/usb/usbmux/usbmux-packet.js";
import { ExactReader } from "../../../src/usb/wire/exact-reader.js";
import type { PropertyDictionary } from "../../../src/usb/wire/property-list.js";

/** What the daemon does with a request: a body is sent as the answer, anything else is up to the function. */
export type UsbmuxdScript = (
  request: PropertyDictionary,
  socket: Socket,
  reader: ExactReader,
) => PropertyDictionary | undefined | Promise<PropertyDictionary | undefined>;

/** A usbmuxd whose every answer the test writes. */
export class ScriptedUsbmuxd implements AsyncDisposable {
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(script: UsbmuxdScript) {
    this.#server = createServer(async (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      const reader = new ExactReader(socket);
      try {
        const header = decodeUsbmuxHeader(await reader.read(16));
        const { tag, body } = decodeUsbmuxBody(header, await reader.read(header.bodyBytes));
        this.requests.push(String(body.MessageType));
        const answer = await script(body, socket, reader);
        if (answer !== undefined) socket.write(encodeUsbmuxPacket({ tag, body: answer }));
      } catch {
        socket.destroy();
      }
    });
  }

  static async start(path: string, script: UsbmuxdScript): Promise<ScriptedUsbmuxd> {
    const daemon = new ScriptedUsbmuxd(script);
    await new Promise<void>((resolve) => daemon.#server.listen(path, resolve));
    return daemon;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

export function attached(deviceId: number, serial: string, connection = "USB"): PropertyDictionary {
  return {
    MessageType: "Attached",
    DeviceID: deviceId,
    Properties: { DeviceID: deviceId, SerialNumber: serial, ConnectionType: connection },
  };
}
