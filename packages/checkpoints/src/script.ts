import { droppedSession, evidenceLife } from '@inventory/classification';
import { actsScript, type Keyspace, type LuaScript } from '@inventory/redis';
import { RulesChangedError, RunLostError } from './errors.ts';
import { keptOutcomes, keyNames, keysOf, unconfirmedFrom } from './keys.ts';

const constants = { droppedSession, evidenceLife, keptOutcomes, unconfirmedFrom };

/** Each may use what those before it define. */
const shared = ['prelude', 'changes', 'outcomes', 'doubt'];

/**
 * The acts on one subject of the checkpoints, in Lua: the files of `lua/` that all subjects share, and its own. Redis runs each
 * of them as one indivisible act.
 */
export class Script {
  readonly #script: LuaScript;

  /** @param own names of its files; `lua/` is beside both `src/` and the built program */
  constructor(...own: readonly string[]) {
    const files = [...shared, ...own].map((name) => new URL(`../lua/${name}.lua`, import.meta.url));
    this.#script = actsScript({ keys: keyNames, constants, files, args: 'cjson.decode(ARGV[2])' });
  }

  /**
   * Runs one act.
   * @param args named values for JSON; half a character, which Lua's JSON refuses, becomes U+FFFD
   * @param texts what an act reads one by one, behind them
   * @throws RunLostError, RulesChangedError when the act says so
   */
  async run(
    { client, prefix }: Keyspace,
    command: string,
    args: Readonly<Record<string, unknown>>,
    texts: readonly string[] = [],
  ): Promise<unknown> {
    const keys = keysOf(prefix);
    const json = wellFormedJson(args);
    const names = keyNames.map((name) => keys[name]);
    return this.#script.run(client, names, [command, json, ...texts]).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : '';
      if (message.includes('RUNLOST')) throw new RunLostError();
      if (message.includes('RULESCHANGED')) throw new RulesChangedError();
      throw error;
    });
  }
}

/** JSON writes half a character as an escape, which Lua's JSON refuses. */
const halfCharacter = /\\ud[89a-f]/;

/** The JSON of a value in which half a character is U+FFFD. */
export function wellFormedJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!halfCharacter.test(json)) return json;
  return JSON.stringify(value, (_, part) => (typeof part === 'string' ? part.toWellFormed() : part));
}

/** Reads the flat list of pairs that an act gives back. */
export function pairsOf<Value>(answer: unknown): [name: string, value: Value][] {
  const flat = answer as (string | Value)[];
  return flat.flatMap((name, index): [string, Value][] =>
    index % 2 === 0 ? [[name as string, flat[index + 1] as Value]] : [],
  );
}
