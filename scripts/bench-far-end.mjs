// The far end of a benchmark, in a process of its own: what the near end costs is then not mixed with it.
//   bench-far-end.mjs phone MEDIA SOCKET [HOW]        a virtual iPhone that serves MEDIA with a fault: usb2, latency=1
//   "writes-to-its-database" among them: a transaction each second, a checkpoint each minute, as a phone that charges
//   bench-far-end.mjs stream MEDIA SOCKET             every file of MEDIA, one after the other, over the same TLS
// Says "ready" to its parent, answers every message with the seconds of processor time that it took so far, and
// ends when the parent does.
import { open, readdir, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { parseFault } from "../dist/virtual/iphone/iphone-fault.js";
import { makePairRecord } from "../dist/virtual/iphone/phone-trust.js";
import { startVirtualIPhone } from "../dist/virtual/iphone/virtual-iphone.js";

const [kind, mediaFolder, socketPath, ...how] = process.argv.slice(2);
process.on("disconnect", () => process.exit());
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send((user + system) / 1e6);
});

const WRITES = "writes-to-its-database";
if (kind === "phone") {
  if (how.includes(WRITES)) await writeToDatabase(join(mediaFolder, "PhotoData", "Photos.sqlite"));
  await startVirtualIPhone({
    mediaFolder,
    socketPath,
    faults: how.filter((each) => each !== WRITES).map(parseFault),
  });
} else {
  const host = { systemBuid: "BENCH", wifiAddress: "02:00:00:00:00:00", iosVersion: "18.5" };
  const { secureContext } = (await makePairRecord(host)).host;
  const server = createServer((socket) => {
    const secure = new TLSSocket(socket, { isServer: true, secureContext });
    secure.on("error", () => socket.destroy());
    sendAll(secure).catch(() => socket.destroy());
  });
  await new Promise((resolve) => server.listen(socketPath, resolve));
}
process.send?.("ready");

/** Each transaction makes another photo the only favourite, and adds what a phone finds out about its photos. */
async function writeToDatabase(path) {
  const { DatabaseSync } = await import("@photostructure/sqlite");
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0");
  let second = 0;
  setInterval(() => {
    second += 1;
    database.exec(`BEGIN; UPDATE ZASSET SET ZFAVORITE = 0 WHERE ZFAVORITE = 1;
      UPDATE ZASSET SET ZFAVORITE = 1 WHERE Z_PK = 1 + (${second} * 997) % (SELECT max(Z_PK) FROM ZASSET);
      INSERT INTO ZSCENEPRINT (ZDATA) VALUES (zeroblob(200000)); COMMIT`);
    if (second % 60 === 0) database.exec("PRAGMA wal_checkpoint(RESTART)");
  }, 1_000);
}

/** For each file: length of its path (4 bytes), its size (8 bytes), path, content. */
async function sendAll(stream) {
  const buffer = Buffer.allocUnsafeSlow(1024 * 1024);
  const entries = await readdir(mediaFolder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const place = join(entry.parentPath, entry.name);
    const path = Buffer.from(place.slice(mediaFolder.length + 1));
    const head = Buffer.alloc(12);
    head.writeUInt32LE(path.length, 0);
    head.writeBigUInt64LE(BigInt((await stat(place)).size), 4);
    await send(stream, Buffer.concat([head, path]));
    const handle = await open(place);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) break;
      await send(stream, buffer.subarray(0, bytesRead));
    }
    await handle.close();
  }
  stream.end();
}

/** Resolves when the bytes have left, so that their buffer may be used again. */
function send(stream, bytes) {
  return new Promise((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
