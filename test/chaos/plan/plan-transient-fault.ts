import type { Endpoint, Fault } from '@inventory/sandbox';
import type { Dice } from './dice.ts';
import type { Act } from './plan.ts';

type Kind = Fault['kind'];
type Body = Extract<Fault, { kind: 'wrong-shape' }>['body'];
type Reach = Endpoint | 'results';

const broken: readonly [Kind, ...Kind[]] = ['status', 'status', 'reset', 'reset-in-body', 'cut-body', 'hang'];
const garbled: readonly [Kind, ...Kind[]] = ['not-json', 'wrong-shape'];
const statuses: readonly [number, ...number[]] = [500, 502, 503, 504, 408, 425];
/** Wrong for every endpoint; an object without `sessions` would be an answer (no sessions). */
const wrongBodies: readonly [Body, ...Body[]] = ['busy', 42, null, { sessions: 5 }, { sessions: [{ id: 1 }] }];
const reaches: readonly [Reach, ...Reach[]] = [
  'results',
  'results',
  'results',
  'sessionResults',
  'sessionResults',
  'videoDownloadUrl',
  'qxScores',
  'transcript',
  'workspaces',
  'listing',
  'token',
];

/** One fault of the API that ends by itself after a few hits, with no lie in it: whoever asks again gets the truth. */
export function planTransientFault(roll: Dice): Act {
  const endpoint = roll.pick(reaches);
  const isMedia = ['results', 'videoDownloadUrl', 'qxScores', 'transcript'].includes(endpoint);
  // A 200 of a media probe decides, whatever its body; only the other endpoints can answer 200 with rubbish.
  const kind = !isMedia && roll.chance(0.35) ? roll.pick(garbled) : roll.pick(broken);
  const isOften = isMedia || endpoint === 'sessionResults';
  const reach = {
    endpoint,
    // Endpoints outside of the Results API back off for seconds after the second failure.
    count: roll.int(1, isOften && kind !== 'hang' ? 8 : 2),
    ...(isOften && roll.chance(0.5) && { probability: roll.pick([0.2, 0.4, 0.7]) }),
    ...(isOften && roll.chance(0.3) && { count: 1000, forMs: roll.int(100, 900) }),
  };
  if (kind === 'status') return { kind: 'fault', fault: { kind, status: roll.pick(statuses), ...reach } };
  if (kind === 'wrong-shape') return { kind: 'fault', fault: { kind, body: roll.pick(wrongBodies), ...reach } };
  // The token endpoint has ten seconds for an answer.
  if (kind === 'hang' && endpoint === 'token') return { kind: 'fault', fault: { kind: 'reset', ...reach } };
  return { kind: 'fault', fault: { kind, ...reach } as Fault };
}

/** A 429 of any form that asks for a second at most. */
export function planLimit(roll: Dice): Act {
  return {
    kind: 'limit',
    endpoint: roll.pick(['results', 'results', 'results', 'listing', 'token']),
    form: roll.pick(['seconds', 'zero', 'date', 'past', 'nonsense', 'missing']),
    count: roll.int(1, 2),
  };
}
