import type { Readable } from 'node:stream';
import { unreadable } from './read-whole.ts';

/** What {@link readUntil} got, and whether that was everything. */
export interface BodyStart {
  readonly text: string;
  readonly whole: boolean;
}

export interface ReadUntilOptions {
  /** The most that is read, after decompression. */
  readonly maxBytes: number;
  /** Whether the text so far is enough; without it the body is read to its end. */
  readonly isEnough?: (text: string) => boolean;
}

/**
 * Reads the beginning of a body, as far as it takes. What is left of it goes on coming, for the caller to discard.
 * @throws UnreadableBodyError when it cannot be decompressed; the stream's error when the connection is cut before.
 */
export function readUntil(body: Readable, { maxBytes, isEnough }: ReadUntilOptions): Promise<BodyStart> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const finish = (whole: boolean): void => {
      body.off('data', take);
      body.pause();
      resolve({ text: textOf(chunks, maxBytes), whole });
    };
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes || isEnough?.(textOf(chunks, maxBytes))) finish(false);
    };
    body.on('data', take);
    body.once('end', () => finish(true));
    // Stays attached: a connection may still break after all that matters is known.
    body.on('error', (error) => reject(unreadable(error)));
    body.once('close', () => reject(new Error('the connection was closed')));
  });
}

function textOf(chunks: readonly Buffer[], maxBytes: number): string {
  return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
}
