import { type Dice, dice } from './dice.ts';
import type { Act, Plan, PlannedEvent } from './plan.ts';

/** The share of runs that meets each kind of trouble. */
const share = 0.2;

/** What a run meets besides the faults that pass by themselves in a moment. */
export interface Troubles {
  readonly proxied: boolean;
  readonly clocks: Plan['clocks'];
  /** Whether a gateway will answer JSON: nothing but the control questions can tell that from the API. */
  readonly forgetful: boolean;
  readonly acts: readonly Act[];
}

/**
 * Chooses the kinds of trouble of a run, each for itself. A gateway that answers JSON comes without the others: what a
 * cut file or a lost key takes away could be the very streak that finds it out.
 */
export function planTroubles(seed: number): Troubles {
  const roll = dice(seed, 'troubles');
  const proxied = roll.chance(share);
  const clocks = roll.chance(share) ? planClocks(roll) : null;
  const acts: Act[] = proxied ? Array.from({ length: roll.int(1, 2) }, () => proxy(roll)) : [];
  if (roll.chance(share / 2)) return { proxied, clocks, forgetful: true, acts: [...acts, { kind: 'forgetful' }] };
  const makers = [gateway, outage, aof, lostKey, redisClock] as const;
  for (const make of makers) {
    if (!roll.chance(share)) continue;
    const most = make === gateway || make === lostKey ? 3 : 1;
    acts.push(...Array.from({ length: roll.int(1, most) }, () => make(roll)));
  }
  return { proxied, clocks, forgetful: false, acts };
}

/** When the acts of trouble happen: while most of the work is still to be done. */
export function troubleEvents(seed: number, { acts }: Troubles, requests: number): readonly PlannedEvent[] {
  const roll = dice(seed, 'trouble times');
  return acts.map((act) => ({
    atRequest: act.kind === 'forgetful' ? roll.int(0, 5) : roll.int(1, Math.ceil(requests * 0.7)),
    delayMs: roll.int(0, 100),
    act,
  }));
}

function planClocks(roll: Dice): Plan['clocks'] {
  const some = (): number => roll.pick([-1, 1]) * roll.int(30_000, 600_000);
  return { shiftMs: some(), remainder: roll.pick([0, 1]), serverShiftMs: roll.chance(0.5) ? some() : 0 };
}

function proxy(roll: Dice): Act {
  return { kind: 'proxy', status: roll.pick([403, 404, 407, 502, 503, null]), forMs: roll.int(200, 3000) };
}

function gateway(roll: Dice): Act {
  const answer = roll.pick<Extract<Act, { kind: 'gateway' }>['answer']>([
    'html-404',
    'text-404',
    'empty-404',
    'html-200',
  ]);
  return { kind: 'gateway', answer, endpoint: roll.pick(['results', 'results', 'all']), forMs: roll.int(200, 2500) };
}

function outage(roll: Dice): Act {
  const how = roll.pick<Extract<Act, { kind: 'outage' }>['how']>(['503', 'reset', 'hang', 'refuse']);
  const endpoint = how === 'refuse' ? 'all' : roll.pick<'results' | 'all'>(['results', 'all']);
  return { kind: 'outage', how, endpoint, forMs: roll.int(3000, roll.chance(0.2) ? 20_000 : 8000) };
}

function aof(roll: Dice): Act {
  const cutBytes = roll.int(1, roll.pick([60, 500, 2000]));
  return { kind: 'aof', cutBytes, downMs: roll.int(50, 500), againAfterMs: roll.chance(0.5) ? roll.int(0, 800) : null };
}

function lostKey(roll: Dice): Act {
  return { kind: 'lost-key', key: roll.pick(losableKeys), which: roll.int(0, 50) };
}

function redisClock(roll: Dice): Act {
  return { kind: 'redis-clock', byMs: roll.pick([-1, 1]) * 3_600_000 };
}

/**
 * Keys whose loss must be survived, after the prefix; `*` is any one of those that match. Evidence, verdicts, listing,
 * runs and open tests are not among them: they are what is known.
 */
const losableKeys: readonly [string, ...string[]] = [
  ':classify:[0-9]*',
  ':classify:[0-9]*',
  ':classify:de:*',
  ':classify:wait',
  ':classify:prioritized',
  ':classify:delayed',
  ':classify:active',
  ':classify:meta',
  ':classify:limiter',
  ':classify:marker',
  ':classify:stalled',
  ':pause',
  ':starts',
  ':processes',
  ':failures',
  ':circuit',
  ':cursors',
  ':retries',
  ':streak',
  ':controls',
  ':provisional',
  ':current',
];
