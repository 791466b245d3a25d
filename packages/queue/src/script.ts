import { actsScript, type LuaScript, type RedisClient } from '@inventory/redis';
import { keptStarts, type PaceKeys } from './keys.ts';

const keyNames = ['meta', 'limiter', 'starts', 'pause', 'circuit', 'failures', 'failing', 'processes'] as const;

/** `blocked`: a value of the limiter with which nothing is granted, whatever the limit is. `hour` is in ms. */
const constants = { keptStarts, blocked: '9007199254740991', hour: 3_600_000 };

/** The acts on one subject of the pace, in Lua. Redis runs each of them as one indivisible act. */
export class PaceScript {
  readonly #script: LuaScript;

  /** @param subject name of its file; `lua/` is beside both `src/` and the built program */
  constructor(subject: 'pace' | 'circuit') {
    const files = [new URL(`../lua/${subject}.lua`, import.meta.url)];
    this.#script = actsScript({ keys: keyNames, constants, files, args: 'unpack(ARGV, 2)' });
  }

  /** Runs one act. */
  run(client: RedisClient, keys: PaceKeys, act: string, args: readonly (string | number)[] = []): Promise<unknown> {
    const names = keyNames.map((name) => keys[name]);
    return this.#script.run(client, names, [act, ...args]);
  }
}
