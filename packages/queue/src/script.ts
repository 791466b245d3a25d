import { readFileSync } from 'node:fs';
import { clockLua, LuaScript, type RedisClient } from '@inventory/redis';
import { keptStarts, type PaceKeys } from './keys.ts';

const keyNames = ['meta', 'limiter', 'starts', 'pause', 'circuit', 'failures', 'failing', 'processes'] as const;

/** The acts on one subject of the pace, in Lua. Redis runs each of them as one indivisible act. */
export class PaceScript {
  readonly #script: LuaScript;

  /** @param subject name of its file in `lua/`, which is beside both `src/` and `dist/` */
  constructor(subject: 'pace' | 'circuit') {
    const keys = keyNames.map((name, index) => `local ${name} = KEYS[${index + 1}]`);
    const lua = readFileSync(new URL(`../lua/${subject}.lua`, import.meta.url), 'utf8');
    const head = [...keys, `local keptStarts = ${keptStarts}`, clockLua];
    this.#script = new LuaScript([...head, lua, 'return commands[ARGV[1]](unpack(ARGV, 2))'].join('\n'));
  }

  /** Runs one act. */
  run(client: RedisClient, keys: PaceKeys, act: string, args: readonly (string | number)[] = []): Promise<unknown> {
    const names = keyNames.map((name) => keys[name]);
    return this.#script.run(client, names, [act, ...args]);
  }
}
