import type { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import type { Token } from './token.ts';
import { tokenScripts } from './token-scripts.ts';

/** What the cluster knows of an account's token. */
interface SharedToken {
  /** Null when Redis holds none. */
  readonly token: Token | null;
  /** The newest generation that was accepted by the API. */
  readonly accepted: number;
  /** Whether a fresh token has been refused since the last success. */
  readonly refusals: boolean;
}

/** The record of one account's token in Redis; see {@link tokenScripts}. */
export interface TokenRecord {
  read(): Promise<SharedToken>;
  /**
   * Saves a token as the successor of generation `after`, unless somebody was faster; then their token stays.
   * @param origin a `given` token (from the settings) counts as accepted, so that only fresh ones make a run of refusals
   */
  save(after: number, token: Omit<Token, 'generation'>, origin: 'given' | 'obtained'): Promise<void>;
  /** @returns whether two fresh tokens in a row have been refused */
  refuse(generation: number): Promise<boolean>;
  accept(generation: number): Promise<void>;
}

const fields = ['accessToken', 'expiresAt', 'generation', 'obtainedAt', 'lifetimeMs', 'accepted', 'refusedFirst'];
const token = z.object({
  accessToken: z.string().min(1),
  expiresAt: z.coerce.number(),
  generation: z.coerce.number(),
  obtainedAt: z.coerce.number(),
  lifetimeMs: z.coerce.number(),
});

export function createTokenRecord(redis: Redis | Cluster, key: string): TokenRecord {
  const run = (script: keyof typeof tokenScripts, ...args: (string | number)[]): Promise<unknown> =>
    redis.eval(tokenScripts[script], 1, key, ...args);

  return {
    async read() {
      const values = await redis.hmget(key, ...fields);
      const found = Object.fromEntries(fields.map((field, index) => [field, values[index] ?? null]));
      const { accepted, refusedFirst } = found;
      return {
        token: found['accessToken'] === null ? null : (token.safeParse(found).data ?? null),
        accepted: Number(accepted ?? 0),
        refusals: refusedFirst !== null,
      };
    },
    async save(after, { accessToken, expiresAt, obtainedAt, lifetimeMs }, origin) {
      await run('save', after, accessToken, expiresAt, obtainedAt, lifetimeMs, origin);
    },
    refuse: async (generation) => (await run('refuse', generation)) === 1,
    async accept(generation) {
      await run('accept', generation);
    },
  };
}
