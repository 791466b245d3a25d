import { type RuleSetName, ruleSetNames } from '@inventory/classification';
import type { CheckpointPlace } from './checkpoint-place.ts';
import { UnknownRulesError } from './errors.ts';
import { keysOf } from './keys.ts';

/** The set of rules by which all tests of the prefix are probed. @throws UnknownRulesError */
export async function readRules({ client, prefix }: CheckpointPlace): Promise<RuleSetName> {
  return rulesOf(await client.get(keysOf(prefix).rules));
}

/** Makes a set of rules the one by which tests are probed from now on, by every process. */
export async function chooseRules({ client, prefix }: CheckpointPlace, rules: RuleSetName): Promise<void> {
  await client.set(keysOf(prefix).rules, rules);
}

/** The set of rules that a stored name means; `tutorial` where none was ever chosen. @throws UnknownRulesError */
export function rulesOf(stored: string | null): RuleSetName {
  const name = stored ?? 'tutorial';
  const known = ruleSetNames.find((each) => each === name);
  if (known === undefined) throw new UnknownRulesError(name);
  return known;
}
