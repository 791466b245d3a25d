import type { Fault, Library, SandboxTest } from '@inventory/sandbox';
import { type Dice, dice } from './dice.ts';
import { neededProbes } from './needed-probes.ts';
import type { PermanentFault } from './plan.ts';

interface Permanent {
  readonly fault: Fault;
  readonly expected: PermanentFault['expected'];
}

const anywhere: readonly [Permanent, ...Permanent[]] = [
  { fault: { kind: 'status', status: 400 }, expected: { type: 'invalid_pagination_error', status: 400 } },
  { fault: { kind: 'status', status: 403 }, expected: { type: 'unclassified_error', status: 403 } },
  { fault: { kind: 'status', status: 500 }, expected: { type: 'unclassified_error', status: 500 } },
  { fault: { kind: 'redirect' }, expected: { type: 'unclassified_error', status: 302 } },
  { fault: { kind: 'reset' }, expected: { type: 'network_error', status: null } },
];

/** Of the media probes the status alone decides; only a list of sessions can have the wrong form. */
const ofSessions: readonly [Permanent, ...Permanent[]] = [
  { fault: { kind: 'wrong-shape', body: { sessions: 'none' } }, expected: { type: 'invalid_response', status: 200 } },
  { fault: { kind: 'not-json' }, expected: { type: 'invalid_response', status: 200 } },
];

/** Chooses one to three tests of a library, and for each the step and the way it fails until it is repaired. */
export function planPermanentFaults(seed: number, library: Library): readonly PermanentFault[] {
  const roll = dice(seed, 'permanent');
  return roll.some([...library.tests()], roll.int(1, 3)).map((test) => permanentFault(roll, test));
}

function permanentFault(roll: Dice, test: SandboxTest): PermanentFault {
  const [first = 'sessionResults', ...others] = neededProbes(test);
  const endpoint = roll.pick([first, ...others]);
  const { fault, expected } = roll.pick(endpoint === first && roll.chance(0.3) ? ofSessions : anywhere);
  return { testUuid: test.uuid, fault: { ...fault, endpoint, testUuid: test.uuid }, expected };
}
