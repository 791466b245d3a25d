import { type Dice, dice } from './dice.ts';
import type { Act, PlannedEvent, Role } from './plan.ts';
import { planLimit, planTransientFault } from './plan-transient-fault.ts';

/** kill -9 takes ten to fifteen seconds to be made good (the locks of jobs), so many runs do without. */
const shareWithKills = 0.6;

/**
 * The schedule of a run: four to fourteen events.
 * @param requests about how many Results requests the run takes; events fall while they are made
 */
export function planEvents(seed: number, cast: readonly [Role, ...Role[]], requests: number): readonly PlannedEvent[] {
  const roll = dice(seed, 'events');
  const kills = roll.chance(shareWithKills);
  const makers = [
    () => signal(roll, cast, kills),
    () => signal(roll, cast, kills),
    () => planTransientFault(roll),
    () => planTransientFault(roll),
    () => planTransientFault(roll),
    () => planTransientFault(roll),
    () => planTransientFault(roll),
    () => planTransientFault(roll),
    () => planLimit(roll),
    () => planLimit(roll),
    () => redis(roll),
    () => cut(roll),
    () => cut(roll),
    () => token(roll),
    () => join(roll, cast),
  ] as const;
  return Array.from({ length: roll.int(4, 14) }, () => ({
    // A tenth of the events meets processes that are starting.
    atRequest: roll.chance(0.1) ? 0 : roll.int(0, Math.ceil(requests * 0.9)),
    delayMs: roll.chance(0.3) ? roll.int(0, 600) : roll.int(0, 60),
    act: roll.pick(makers)(),
  })).sort((a, b) => a.atRequest - b.atRequest);
}

function signal(roll: Dice, cast: readonly [Role, ...Role[]], kills: boolean): Act {
  const role = roll.pick(cast);
  const harmless = role === 'exporter' || role === 'producer';
  const name =
    (kills || harmless) && roll.chance(0.6) ? 'SIGKILL' : roll.pick<'SIGTERM' | 'SIGINT'>(['SIGTERM', 'SIGINT']);
  const twice = kills && name !== 'SIGKILL' && roll.chance(0.2);
  return { kind: 'signal', role, which: roll.int(0, 5), signal: name, twice };
}

function redis(roll: Dice): Act {
  return { kind: 'redis', downMs: roll.int(50, 900) };
}

function cut(roll: Dice): Act {
  const refuseMs = roll.chance(0.5) ? 0 : roll.int(50, 900);
  return { kind: 'cut', line: roll.pick<'redis' | 'api'>(['redis', 'api']), refuseMs };
}

function token(roll: Dice): Act {
  if (roll.chance(0.6)) return { kind: 'revoke' };
  return { kind: 'token-down', forMs: roll.int(200, 2500), status: roll.pick([500, 503, 429]) };
}

function join(roll: Dice, cast: readonly Role[]): Act {
  const roles = cast.includes('start') ? (['start', 'worker'] as const) : (['producer', 'worker'] as const);
  return { kind: 'join', role: roll.pick(roles) };
}
