import type { OpenCircuit, PaceStatus } from '@inventory/queue';
import { circuitClosed, circuitOpened } from '../pace-words.ts';
import { CircuitOpenError } from './errors.ts';

const hour = 3_600_000;

/** Watches the circuit during one run: announces once that it opened and once that it closed; decides when to give up. */
export class CircuitWatch {
  #last: OpenCircuit | null = null;
  #now = 0;
  /** When it was first seen open, epoch ms of Redis' clock. */
  #seenAt = 0;
  /** How often the time of the next request has changed since: when a request starts, and when it has failed. */
  #moves = 0;

  /** @returns a notice when the circuit has opened or closed, else null */
  see({ circuit, now }: Pick<PaceStatus, 'circuit' | 'now'>): string | null {
    const last = this.#last;
    this.#last = circuit;
    this.#now = now;
    if (circuit === null) return last === null ? null : circuitClosed(last, now);
    if (last === null) {
      this.#seenAt = now;
      this.#moves = 0;
      return circuitOpened(circuit, now);
    }
    if (circuit.nextProbeAt !== last.nextProbeAt) this.#moves += 1;
    return null;
  }

  /**
   * Ends the wait for a circuit that has been open for an hour. If it was open before this process began, one request
   * goes out first: the API may be back.
   * @throws CircuitOpenError
   */
  giveUpIfStuck(): void {
    if (this.#last === null) return;
    const from = this.#moves >= 2 ? this.#last.since : this.#seenAt;
    if (this.#now - from >= hour) throw new CircuitOpenError(this.#last, this.#now);
  }
}
