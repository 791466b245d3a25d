import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Logger } from '@inventory/logger';
import type { Context, MiddlewareHandler } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { problem } from '../api/problem.ts';

interface VisitorsOptions {
  readonly user: string;
  readonly password: string;
  readonly guesses: Guesses;
}

/** Who may read the board: those who know the password, or, without one, this machine only. */
export function visitors({ user, password, guesses }: VisitorsOptions): MiddlewareHandler {
  if (password === '') return loopbackOnly;
  const right = digestOf(`${user}:${password}`);
  return basicAuth({
    realm: 'UserTesting inventory',
    verifyUser: (givenUser, givenPassword, context) =>
      guesses.check(addressOf(context), () => timingSafeEqual(digestOf(`${givenUser}:${givenPassword}`), right)),
  });
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Wrong passwords that an address may give before each further one takes its time. */
const free = 10;
/** An address that gave no wrong password for this long starts again at none. */
const forgetAfterMs = 10 * 60_000;
const mostAddresses = 1_000;
const warnEveryMs = 60_000;

/** The wrong passwords that visitors gave, and the delays that follow from them. */
export class Guesses {
  readonly #logger: Logger;
  readonly #delayMs: number;
  readonly #wrong = new Map<string, { count: number; at: number }>();
  readonly #turns = new Turns();
  #total = 0;
  #unsaid = 0;
  #warnedAt = Number.NEGATIVE_INFINITY;

  /** @param delayMs how long each further wrong password takes; a second */
  constructor(logger: Logger, delayMs = 1_000) {
    this.#logger = logger;
    this.#delayMs = delayMs;
  }

  /** Wrong passwords since the start. */
  get total(): number {
    return this.#total;
  }

  /**
   * Whether a password is right. After ten wrong ones of an address its passwords are checked one after another, also
   * the right one: a faster answer would give it away.
   * @throws TooManyRequestsError
   */
  async check(address: string, isRight: () => boolean): Promise<boolean> {
    // Without a wait between the two, so that no more than ten are free, however many come at once.
    if (!this.#isSlow(address)) return isRight() || this.#count(address);
    const end = await this.#turns.wait(address);
    try {
      if (isRight()) return true;
      this.#count(address);
      await sleep(this.#delayMs, undefined, { ref: false });
      return false;
    } finally {
      end();
    }
  }

  #isSlow(address: string): boolean {
    const wrong = this.#wrong.get(address);
    return wrong !== undefined && wrong.count >= free && performance.now() - wrong.at < forgetAfterMs;
  }

  #count(address: string): false {
    const now = performance.now();
    const before = this.#wrong.get(address);
    const count = before !== undefined && now - before.at < forgetAfterMs ? before.count + 1 : 1;
    this.#wrong.delete(address);
    this.#wrong.set(address, { count, at: now });
    // The address whose last wrong password is the oldest.
    const [oldest = ''] = this.#wrong.keys();
    if (this.#wrong.size > mostAddresses) this.#wrong.delete(oldest);
    this.#total += 1;
    this.#unsaid += 1;
    if (this.#unsaid >= free && now - this.#warnedAt >= warnEveryMs) {
      this.#logger.warn(
        { wrong: this.#unsaid, address },
        'wrong passwords for the board; the address is that of the last',
      );
      this.#unsaid = 0;
      this.#warnedAt = now;
    }
    return false;
  }
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Refuses requests whose Host header names another machine. A board without a password listens on loopback only; a
 * foreign page whose name was made to point there (DNS rebinding) could otherwise read it with the visitor's browser.
 */
const loopbackOnly: MiddlewareHandler = async (context, next) => {
  if (loopback.test(context.req.header('host') ?? '')) return next();
  return problem(
    context,
    403,
    'Without a password the board answers to localhost only. Set BOARD_PASSWORD for others.',
  );
};

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
