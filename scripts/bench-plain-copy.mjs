// What a copy cannot be faster than: takes the stream of bench-far-end.mjs, hashes and writes it as
// `rollcall copy` does (SHA-256, partial file, fsync, rename), with no protocol, no catalogue, no ledger and no receipt.
//   bench-plain-copy.mjs SOCKET FOLDER [and-read-back]
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename } from "node:fs/promises";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { connect as secure } from "node:tls";

const [socketPath, folder, andReadBack] = process.argv.slice(2);
const stream = secure({ socket: connect(socketPath), rejectUnauthorized: false });
const chunks = stream.iterator();
let rest = Buffer.alloc(0);

/** Fills `target` from the stream; false at its end. */
async function fill(target) {
  for (let at = 0; at < target.length; ) {
    if (rest.length === 0) {
      const { value, done } = await chunks.next();
      if (done) return false;
      rest = value;
    }
    const size = Math.min(rest.length, target.length - at);
    rest.copy(target, at, 0, size);
    rest = rest.subarray(size);
    at += size;
  }
  return true;
}

const head = Buffer.alloc(12);
const buffer = Buffer.allocUnsafeSlow(1024 * 1024);
while (await fill(head)) {
  const path = Buffer.alloc(head.readUInt32LE(0));
  await fill(path);
  const place = join(folder, path.toString());
  await mkdir(dirname(place), { recursive: true });
  const handle = await open(`${place}.partial`, "wx");
  const sha256 = createHash("sha256");
  for (let left = Number(head.readBigUInt64LE(4)); left > 0; ) {
    const chunk = buffer.subarray(0, Math.min(left, buffer.length));
    if (!(await fill(chunk))) throw new Error("the stream ended within a file");
    sha256.update(chunk);
    for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten;
    left -= chunk.length;
  }
  await handle.sync();
  await handle.close();
  await rename(`${place}.partial`, place);
  const digest = sha256.digest("hex");
  if (andReadBack !== undefined && (await hashOf(place)) !== digest) throw new Error(`${place} differs`);
}

async function hashOf(place) {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(place, { highWaterMark: 1024 * 1024 })) hash.update(chunk);
  return hash.digest("hex");
}
