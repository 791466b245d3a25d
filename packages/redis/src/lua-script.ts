import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
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

/**
 * The Lua function `clock()` for scripts: Redis' own time, epoch ms, the same throughout an act. It is the one clock that all
 * processes share.
 */
export const clockLua = `
local startedAt
local function clock()
  if not startedAt then
    local time = redis.call('TIME')
    startedAt = time[1] * 1000 + math.floor(time[2] / 1000)
  end
  return startedAt
end
`;

/** The acts on one subject, in Lua: files that fill the table `commands`. */
interface ActFiles {
  /** The keys that a call names, in their order: each file has them as local variables. */
  readonly keys: readonly string[];
  /** More local variables. */
  readonly constants: Readonly<Record<string, string | number>>;
  /** They also have `clock()`, Redis' time in epoch ms. */
  readonly files: readonly URL[];
  /** How the arguments behind the name of the act reach it, in Lua. */
  readonly args: string;
}

/** A script whose first argument is the name of an act. */
export function actsScript({ keys, constants, files, args }: ActFiles): LuaScript {
  const locals = [
    ...keys.map((name, index) => [name, `KEYS[${index + 1}]`]),
    ...Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]),
  ];
  return new LuaScript(
    [
      ...locals.map(([name, value]) => `local ${name} = ${value}`),
      clockLua,
      ...files.map((file) => readFileSync(file, 'utf8')),
      `return commands[ARGV[1]](${args})`,
    ].join('\n'),
  );
}
