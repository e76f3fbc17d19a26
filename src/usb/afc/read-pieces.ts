import { type FilePiece, PhoneFileError } from "../../phone/phone.js";
import type { Waiting } from "../wire/waiting.js";
import type { AfcClient } from "./afc-client.js";
import { AfcStatusError, reasonOf } from "./afc-errors.js";
import { AFC_STATUS } from "./afc-packet.js";
import type { ChunkPool } from "./chunk-pool.js";

/**
 * A piece costs two round trips, so many are under way, each on a handle of its own: then nothing depends on the
 * order in which a phone works through requests for one handle.
 */
const MAX_HANDLES = 16;
/** Of all pieces under way; one may always be. */
const MAX_BYTES_UNDER_WAY = 4 * 1024 * 1024;

/**
 * Pieces of one file in the order asked, each as the file is at its moment; shorter where the file ends. The handles
 * are closed on every way out. A chunk is overwritten after the next is asked for.
 * @throws PhoneFileError, AfcConnectionError, RollcallError STOPPED
 */
export async function* readPieces(
  client: AfcClient,
  path: string,
  pieces: readonly FilePiece[],
  parts: { pool: ChunkPool; waiting: Waiting },
): AsyncGenerator<Buffer, void, void> {
  const { pool, waiting } = parts;
  const openings = Array.from({ length: Math.min(MAX_HANDLES, pieces.length) }, () => client.open(path));
  const free: bigint[] = [];
  // The phone may have fewer handles left: those that it gives are enough.
  for (const opening of openings) opening.then((handle) => free.push(handle)).catch(() => {});
  const underWay: Promise<Buffer>[] = [];
  let bytesUnderWay = 0;
  let started = 0;

  const start = (handle: bigint, piece: FilePiece) => {
    bytesUnderWay += piece.sizeBytes;
    const reading = readPiece(client, handle, piece, pool).finally(() => {
      bytesUnderWay -= piece.sizeBytes;
      free.push(handle);
    });
    // It may fail while an earlier one is waited for; whoever takes it from the list hears of it.
    reading.catch(() => {});
    underWay.push(reading);
  };
  try {
    for (let given = 0; given < pieces.length; given++) {
      if (given === 0) await waiting.until(Promise.any(openings).catch(firstOf));
      for (; started < pieces.length && free.length > 0; started++) {
        const piece = pieces[started]!;
        if (underWay.length > 0 && bytesUnderWay + piece.sizeBytes > MAX_BYTES_UNDER_WAY) break;
        start(free.pop()!, piece);
      }
      const chunk = await waiting.until(underWay.shift()!);
      try {
        yield chunk;
      } finally {
        pool.release(chunk);
      }
      waiting.throwIfStopped();
    }
  } catch (error) {
    if (error instanceof AfcStatusError) throw new PhoneFileError(path, reasonOf(error, null), error);
    throw error;
  } finally {
    for (const reading of underWay) reading.then((chunk) => pool.release(chunk)).catch(() => {});
    for (const opening of openings) opening.then((handle) => client.close(handle)).catch(() => {});
  }
}

/** All of several tries failed: the first failure speaks for them. */
function firstOf(all: AggregateError): never {
  throw all.errors[0];
}

async function readPiece(
  client: AfcClient,
  handle: bigint,
  { offset, sizeBytes }: FilePiece,
  pool: ChunkPool,
): Promise<Buffer> {
  await client.seek(handle, offset);
  const piece = pool.take(sizeBytes);
  let filled = 0;
  while (filled < sizeBytes) {
    const room = (bytes: number) => piece.subarray(filled, filled + bytes);
    const answer = await client.read(handle, sizeBytes - filled, room).catch(endAsEmpty);
    if (answer.length === 0) break;
    filled += answer.length;
  }
  return piece.subarray(0, filled);
}

function endAsEmpty(error: unknown): Buffer {
  const isEnd = error instanceof AfcStatusError && error.status === AFC_STATUS.endOfData;
  if (isEnd) return Buffer.alloc(0);
  throw error;
}
