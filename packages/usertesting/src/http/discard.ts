import type { Readable } from 'node:stream';

const smallBytes = 65_536;
const drainMs = 2_000;

/**
 * Gets rid of a body, or of what is left of it. A small one is drained in the background, so that its connection can be used again;
 * a large or slow one is cut off. What happens to the connection from here on does not matter to anybody.
 * @param announcedBytes the body's Content-Length, null when unknown
 */
export function discard(body: Readable, announcedBytes: number | null): void {
  body.on('error', () => body.destroy());
  if (announcedBytes !== null && announcedBytes > smallBytes) {
    body.destroy();
    return;
  }
  let size = 0;
  const timer = setTimeout(() => body.destroy(), drainMs);
  timer.unref();
  body.once('close', () => clearTimeout(timer));
  body.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > smallBytes) body.destroy();
  });
  // Whoever has read the beginning has paused it.
  body.resume();
}
