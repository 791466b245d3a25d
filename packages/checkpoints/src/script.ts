import { readFileSync } from 'node:fs';
import { droppedSession, evidenceLife } from '@inventory/classification';
import { clockLua, type Keyspace, LuaScript } from '@inventory/redis';
import { RulesChangedError, RunLostError } from './errors.ts';
import { keptOutcomes, keyNames, keysOf, unconfirmedFrom } from './keys.ts';

const locals = [
  ...keyNames.map((name, index) => `local ${name} = KEYS[${index + 1}]`),
  ...Object.entries({ droppedSession, evidenceLife, keptOutcomes, unconfirmedFrom }).map(
    ([name, value]) => `local ${name} = ${JSON.stringify(value)}`,
  ),
];
const dispatch = 'return commands[ARGV[1]](cjson.decode(ARGV[2]))';

/** The text of a file in `lua/`, which is beside both `src/` and `dist/`. */
function lua(name: string): string {
  return readFileSync(new URL(`../lua/${name}.lua`, import.meta.url), 'utf8');
}

/**
 * The acts on one subject of the checkpoints, in Lua: `lua/prelude.lua` and the subject's own file. Redis runs each of
 * them as one indivisible act.
 */
export class Script {
  readonly #script: LuaScript;

  /** @param subject name of its file */
  constructor(subject: string) {
    this.#script = new LuaScript([...locals, clockLua, lua('prelude'), lua(subject), dispatch].join('\n'));
  }

  /**
   * Runs one act.
   * @param args named values for JSON; half a character, which Lua's JSON refuses, becomes U+FFFD
   * @throws RunLostError, RulesChangedError when the act says so
   */
  async run({ client, prefix }: Keyspace, command: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    const keys = keysOf(prefix);
    const json = JSON.stringify(args, (_, value) => (typeof value === 'string' ? value.toWellFormed() : value));
    const names = keyNames.map((name) => keys[name]);
    return this.#script.run(client, names, [command, json]).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : '';
      if (message.includes('RUNLOST')) throw new RunLostError();
      if (message.includes('RULESCHANGED')) throw new RulesChangedError();
      throw error;
    });
  }
}

/** Reads the flat list of pairs that an act gives back. */
export function pairsOf<Value>(answer: unknown): [name: string, value: Value][] {
  const flat = answer as (string | Value)[];
  return flat.flatMap((name, index): [string, Value][] =>
    index % 2 === 0 ? [[name as string, flat[index + 1] as Value]] : [],
  );
}
