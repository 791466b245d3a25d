import { createTokenRecord } from './create-token-record.ts';
import { createTokenSource } from './create-token-source.ts';
import { refreshAhead } from './refresh-ahead.ts';
import { isValid, type Token } from './token.ts';
import type { TokenKeeper } from './token-keeper.ts';
import type { TokenKeeperOptions } from './token-keeper-options.ts';
import { tokenKeys } from './token-keys.ts';

/** See {@link TokenKeeper}. */
export function createTokenKeeper(options: TokenKeeperOptions): TokenKeeper {
  const { redis, prefix, clientSecret, secrets, logger, now = Date.now } = options;
  const keys = tokenKeys(prefix, options);
  const record = createTokenRecord(redis, keys.record);
  const known = { accepted: 0, refusals: false };
  let { initial } = options;
  let running: Promise<Token> | null = null;
  let life = new AbortController();
  let background: Promise<void> | null = null;

  secrets.add(clientSecret);
  if (initial !== null) secrets.add(initial.accessToken);

  const valid = (token: Token) => isValid(token, now());
  const newerThan = (generation: number) => (token: Token) => token.generation > generation && valid(token);

  const source = createTokenSource({
    ...options,
    record,
    lockKey: keys.lock,
    now,
    given() {
      const at = now();
      if (initial === null || !/^[!-~]+$/.test(initial.accessToken) || initial.expiresAt * 1000 <= at) return null;
      return { ...initial, obtainedAt: at, lifetimeMs: Math.ceil(initial.expiresAt * 1000 - at) };
    },
  });

  async function read(): Promise<Token | null> {
    const { token, accepted, refusals } = await record.read();
    Object.assign(known, { accepted, refusals });
    if (token !== null) secrets.add(token.accessToken);
    return token;
  }

  /** One request to the source at a time; who joins one that was made for somebody else looks at what it gave. */
  async function obtain(isGood: (token: Token) => boolean): Promise<Token> {
    while (running !== null) {
      const token = await running;
      if (isGood(token)) return token;
    }
    running = source(isGood, life.signal).finally(() => {
      running = null;
    });
    const token = await running;
    secrets.add(token.accessToken);
    return token;
  }

  async function current(): Promise<Token> {
    const shared = await read();
    return shared !== null && valid(shared) ? shared : obtain(valid);
  }

  async function renew(used: Token | string): Promise<Token> {
    const usedToken = typeof used === 'string' ? used : used.accessToken;
    const usedGeneration = typeof used === 'string' ? Number.POSITIVE_INFINITY : used.generation;
    if (initial?.accessToken === usedToken) initial = null;
    const shared = await read();
    const isOther = shared !== null && (shared.accessToken !== usedToken || shared.generation > usedGeneration);
    if (isOther && valid(shared)) return shared;
    return obtain(newerThan(shared?.generation ?? 0));
  }

  return {
    current,
    renew,
    async refused(token) {
      if (await record.refuse(token.generation)) return 'give-up';
      await renew(token);
      return 'renewed';
    },
    async accepted({ generation }) {
      if (generation <= known.accepted && !known.refusals) return;
      await record.accept(generation);
      Object.assign(known, { accepted: Math.max(known.accepted, generation), refusals: false });
    },
    start() {
      if (background !== null) return;
      life = new AbortController();
      const replace = (token: Token | null) => obtain(token === null ? valid : newerThan(token.generation));
      background = refreshAhead({ shared: read, replace, logger, now, signal: life.signal });
    },
    async stop() {
      life.abort();
      await background;
      background = null;
    },
  };
}
