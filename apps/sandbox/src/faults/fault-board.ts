import type { Random } from '../library/seeded-random.ts';
import { type Fault, faultSchema } from './fault.ts';
import { type FaultTarget, faultMatches } from './fault-matches.ts';

/** A fault that is switched on. `seen` counts the requests it was meant for, `hits` those it met. */
export interface ActiveFault {
  readonly id: string;
  readonly fault: Fault;
  /** Clock ms. */
  readonly addedAt: number;
  readonly seen: number;
  readonly hits: number;
}

export interface FaultBoard {
  /** Switches a fault on and gives its id. Throws a ZodError for a fault of the wrong form. */
  add(fault: Fault): string;
  /** Whether there was a fault with that id. */
  remove(id: string): boolean;
  clear(): void;
  /** The faults that are switched on, oldest first; those that ended are gone. */
  list(): readonly ActiveFault[];
  /** The oldest fault that meets this request, and counts it; undefined when none does. */
  choose(target: FaultTarget): ActiveFault | undefined;
}

/** The faults of a sandbox. The clock gives ms. */
export function faultBoard(clock: () => number, random: Random): FaultBoard {
  const active = new Map<string, ActiveFault>();
  let added = 0;

  function hasEnded({ fault, hits, addedAt }: ActiveFault): boolean {
    return hits >= (fault.count ?? Infinity) || clock() >= addedAt + (fault.forMs ?? Infinity);
  }

  function dropEnded(): void {
    for (const entry of active.values()) if (hasEnded(entry)) active.delete(entry.id);
  }

  return {
    add(given) {
      const fault = faultSchema.parse(given);
      added += 1;
      const id = `fault-${added}`;
      active.set(id, { id, fault, addedAt: clock(), seen: 0, hits: 0 });
      return id;
    },
    remove: (id) => active.delete(id),
    clear: () => active.clear(),
    list() {
      dropEnded();
      return [...active.values()];
    },
    choose(target) {
      dropEnded();
      for (const entry of active.values()) {
        const { fault } = entry;
        if (!faultMatches(fault, target)) continue;
        const seen = entry.seen + 1;
        const isHit = seen > (fault.skip ?? 0) && (fault.probability === undefined || random() < fault.probability);
        const next = { ...entry, seen, hits: entry.hits + (isHit ? 1 : 0) };
        active.set(entry.id, next);
        if (isHit) return next;
      }
      return undefined;
    },
  };
}
