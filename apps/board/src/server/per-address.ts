import { isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** Too many requests of one address wait for their turn. The board answers with 429. */
export class TooManyRequestsError extends Error {
  override readonly name = 'TooManyRequestsError';

  constructor() {
    super('Too many requests from one address wait for their turn.');
  }
}

/** Who sent a request, for limits: the address of the connection, which is the proxy's behind one. */
export function addressOf(context: Context): string {
  return groupOf(getConnInfo(context).remote.address);
}

/**
 * The part of an address that identifies one visitor: all of an IPv4 address, the first 64 bits of an IPv6 address,
 * because a visitor who has one of those has all 2^64 addresses in it.
 */
export function groupOf(address = ''): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIP(plain) !== 6) return plain;
  const [begin = [], end] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = end === undefined ? [] : Array<string>(8 - begin.length - end.length).fill('0');
  return `${[...begin, ...zeros, ...(end ?? [])].slice(0, 4).join(':')}::/64`;
}

const mostWaiting = 20;

/** Lets requests of the same address pass one after another. */
export class Turns {
  readonly #lines = new Map<string, { last: Promise<void>; length: number }>();

  /**
   * Waits until it is this request's turn.
   * @returns ends the turn; it has to be called
   * @throws TooManyRequestsError when 20 wait already
   */
  async wait(address: string): Promise<() => void> {
    const line = this.#lines.get(address) ?? { last: Promise.resolve(), length: 0 };
    if (line.length > mostWaiting) throw new TooManyRequestsError();
    this.#lines.set(address, line);
    line.length += 1;
    const before = line.last;
    let end = (): void => undefined;
    line.last = new Promise((ended) => {
      end = () => {
        line.length -= 1;
        if (line.length === 0) this.#lines.delete(address);
        ended();
      };
    });
    await before;
    return end;
  }
}
