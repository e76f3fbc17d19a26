/**
 * Bytes that are not what their format says. The message describes the shape only and never quotes
 * the bytes: they may hold a private key.
 */
export class WireFormatError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "WireFormatError";
  }
}
