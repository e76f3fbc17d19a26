/** A stretch of a file. */
export interface FilePiece {
  readonly offset: number;
  /** At least 1. */
  readonly sizeBytes: number;
}

/**
 * One file that may be changed by its owner while it is read: the database or its write-ahead log. On a phone, a read
 * costs a round trip, so many pieces are asked for at once.
 */
export interface DatabaseFile {
  /** Its size and when it was last changed, in milliseconds; null where there is no such file. */
  describe(): Promise<{ readonly sizeBytes: number; readonly modifiedAtMs: number } | null>;
  /**
   * The bytes of each piece, in the order of the pieces, each as it is at its own moment. Fewer bytes than asked for
   * mean that the file ends there. A chunk is valid until the next is asked for.
   */
  read(pieces: readonly FilePiece[]): AsyncIterable<Uint8Array>;
}

/** The largest piece that is asked for. */
export const MAX_PIECE_BYTES = 1024 * 1024;

/** Pieces that cover a file from its start, each of {@link MAX_PIECE_BYTES} but for the last. */
export function piecesOf(sizeBytes: number): FilePiece[] {
  const pieces: FilePiece[] = [];
  for (let offset = 0; offset < sizeBytes; offset += MAX_PIECE_BYTES)
    pieces.push({ offset, sizeBytes: Math.min(MAX_PIECE_BYTES, sizeBytes - offset) });
  return pieces;
}
