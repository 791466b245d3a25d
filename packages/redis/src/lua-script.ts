import { createHash } from 'node:crypto';
import type { RedisClient } from './client.ts';

/** A Lua script, which Redis runs atomically; sent as its hash, and in full where Redis does not know it. */
export class LuaScript {
  readonly #lua: string;
  readonly #sha: string;

  constructor(lua: string) {
    this.#lua = lua;
    this.#sha = createHash('sha1').update(lua).digest('hex');
  }

  /**
   * Runs the script. ioredis sends it again when a connection breaks, so scripts have to be idempotent.
   * @param keys all keys it touches, which share one cluster slot
   */
  async run(client: RedisClient, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await client.evalsha(this.#sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return client.eval(this.#lua, keys.length, ...keys, ...args);
    }
  }
}

/** The Lua function `clock()` for scripts: Redis' own time, epoch ms. It is the one clock that all processes share. */
export const clockLua = `
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
`;
