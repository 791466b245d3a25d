import { type Fault, type FaultTarget, faultMatches, faultSchema } from './fault.ts';
import type { Random } from './library/seeded.ts';

/** A fault that is switched on. */
export interface ActiveFault {
  readonly id: string;
  readonly fault: Fault;
  /** Clock ms. */
  readonly addedAt: number;
  /** How many requests it was meant for. */
  readonly seen: number;
  /** How many requests it met. */
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

  function list(): readonly ActiveFault[] {
    for (const { id, fault, hits, addedAt } of active.values()) {
      const { count = Number.POSITIVE_INFINITY, forMs = Number.POSITIVE_INFINITY } = fault;
      if (hits >= count || clock() >= addedAt + forMs) active.delete(id);
    }
    return [...active.values()];
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
    list,
    choose(target) {
      for (const entry of list()) {
        const { skip = 0, probability = 1 } = entry.fault;
        if (!faultMatches(entry.fault, target)) continue;
        const isHit = entry.seen >= skip && (probability === 1 || random() < probability);
        const next = { ...entry, seen: entry.seen + 1, hits: entry.hits + (isHit ? 1 : 0) };
        active.set(entry.id, next);
        if (isHit) return next;
      }
      return undefined;
    },
  };
}
