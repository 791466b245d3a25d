import type { IncomingMessage } from 'node:http';

const MOST_BYTES = 10_000_000;

/** The whole body of a request as text. Throws an Error for more than 10 MB or a connection that breaks. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
