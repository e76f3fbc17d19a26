import { type Duplex, duplexPair } from "node:stream";
import {
  type AfcRequest,
  decodeAfcHeader,
  decodeAfcRequest,
  encodeAfcDataHeader,
} from "../../../src/usb/afc/afc-packet.js";
import { ExactReader } from "../../../src/usb/wire/exact-reader.js";

/** The far end of an AFC connection, played by the test: it takes requests, and writes what it likes. */
export class ScriptedAfc {
  readonly client: Duplex;
  readonly server: Duplex;
  readonly #reader: ExactReader;

  constructor() {
    const [client, server] = duplexPair();
    this.client = client;
    this.server = server;
    this.#reader = new ExactReader(server);
  }

  async next(): Promise<{ number: number; request: AfcRequest }> {
    const header = decodeAfcHeader(await this.#reader.read(40));
    const body = await this.#reader.read(header.entireBytes - 40);
    return { number: header.packetNumber, request: decodeAfcRequest(header, body) };
  }

  send(...packets: Uint8Array[]): void {
    this.server.write(Buffer.concat(packets));
  }

  sendData(number: number, data: string | Uint8Array): void {
    const bytes = Buffer.from(data);
    this.send(encodeAfcDataHeader(number, bytes.length), bytes);
  }
}
