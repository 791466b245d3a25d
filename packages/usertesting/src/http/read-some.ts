import type { Readable } from 'node:stream';

/** What {@link readSome} got, and whether that was everything. */
export interface SomeText {
  readonly text: string;
  readonly whole: boolean;
}

/**
 * Reads a body as far as it comes without trouble: until it ends or breaks, at most `maxBytes`, at most `maxMs`.
 * A body that goes on after that is cut off, which closes its connection; one that ended leaves it for reuse.
 * Never rejects.
 */
export function readSome(body: Readable, maxBytes: number, maxMs: number): Promise<SomeText> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    const finish = (whole: boolean) => {
      clearTimeout(timer);
      if (!whole) body.destroy();
      resolve({ text: Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8'), whole });
    };
    const timer = setTimeout(() => finish(false), maxMs);
    body.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) finish(false);
    });
    body.once('end', () => finish(true));
    // Stays attached: a connection may still break after all that matters is known.
    body.on('error', () => finish(false));
    body.once('close', () => finish(false));
  });
}
