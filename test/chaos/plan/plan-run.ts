import { dice } from './dice.ts';
import { neededProbes } from './needed-probes.ts';
import type { Plan } from './plan.ts';
import { planCast } from './plan-cast.ts';
import { planEvents } from './plan-events.ts';
import { libraryOf, planLibrary } from './plan-library.ts';
import { planPermanentFaults } from './plan-permanent-faults.ts';
import { planTroubles, troubleEvents } from './plan-troubles.ts';

/** Everything about a run that its seed decides: library, processes, settings and schedule. Pure. */
export function planRun(seed: number): Plan {
  const roll = dice(seed, 'run');
  const troubles = planTroubles(seed);
  const shape = planLibrary(seed, troubles);
  const library = libraryOf(shape);
  const requests = [...library.tests()].reduce((sum, test) => sum + neededProbes(test).length, 0);
  const variant = roll.chance(0.3) ? 'permanent' : 'transient';
  const cast = planCast(roll);
  const intervalMs = library.size() > 50 ? roll.pick([0, 20]) : roll.pick([0, 20, 50]);
  return {
    seed,
    variant,
    ...shape,
    proxied: troubles.proxied,
    clocks: troubles.clocks,
    sandbox: {
      latency: [roll.int(0, 20), roll.int(20, 120)],
      // A process whose clock is ten minutes ahead finds such a token expired, whenever it got it.
      tokenLifeSeconds: roll.chance(0.3) && troubles.clocks === null ? roll.int(2, 6) : 3600,
      listing: roll.pick<'object' | 'array'>(['object', 'array']),
      sessions: roll.pick<'tutorial' | 'reference'>(['tutorial', 'reference']),
    },
    settings: {
      WORKER_SLOTS: String(roll.int(1, 4)),
      REQUEST_INTERVAL_MS: String(intervalMs),
      REQUEST_TIMEOUT_MS: '1500',
      // A step that fails for good takes 2^n seconds to be given up.
      STEP_RETRIES: String(roll.pick(variant === 'permanent' ? [0, 1, 2] : [0, 1, 3, 5])),
      EXPORT_INTERVAL_MS: String(roll.pick([50, 150, 400])),
      CLASSIFY_BY: roll.pick(['probe', 'auto']),
    },
    envFile: roll.chance(0.3),
    cast,
    events: [...planEvents(seed, cast, requests), ...troubleEvents(seed, troubles, requests)].sort(
      (a, b) => a.atRequest - b.atRequest,
    ),
    permanent: variant === 'permanent' ? planPermanentFaults(seed, library) : [],
    aloneInTheEnd: roll.chance(0.5),
  };
}
