import type { Readable } from 'node:stream';

/** The body came, but it is larger than any documented one, or its compression is broken. */
export class UnreadableBodyError extends Error {
  override readonly name = 'UnreadableBodyError' as const;
}

/**
 * Reads a body to its end.
 * @throws UnreadableBodyError past `maxBytes` (after decompression) or when it cannot be decompressed; the stream's
 * error when the connection is cut before the end.
 */
export async function readWhole(body: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw new UnreadableBodyError(`it is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw unreadable(error);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A stream's error, an UnreadableBodyError where it is one of decompression. */
export function unreadable(error: unknown): unknown {
  return isDecompressionFailure(error) ? new UnreadableBodyError('it cannot be decompressed') : error;
}

/** zlib's codes begin with Z_, those of its Brotli half with ERR__ERROR. */
function isDecompressionFailure(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(Z_|ERR__ERROR)/.test(String(error.code));
}
