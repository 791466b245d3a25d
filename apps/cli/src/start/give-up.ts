import type { OpenCircuit, PaceStatus } from '@inventory/queue';
import { circuitTrouble, sentence } from '@inventory/status';
import { circuitAdvice, circuitClosed, circuitOpened } from '../pace-words.ts';

/** The API has refused two new tokens in a row; all workers wait. */
export class QueueHeldError extends Error {
  override readonly name = 'QueueHeldError';
  readonly exitCode = 3;

  constructor() {
    super(
      'The API refuses new access tokens (401): the queue is held, all work is kept. ' +
        'Check that CLIENT_ID has access to the Results API, then start again.',
    );
  }
}

/** For an hour the API has answered nothing but 429. The process ends with 1; the work is kept. */
export class GaveUpError extends Error {
  override readonly name = 'GaveUpError';

  constructor() {
    super(
      'For an hour the API has answered nothing but 429 (too many requests): giving up for now, all work is kept. ' +
        'Check whether another program uses this account, then start again.',
    );
  }
}

/** The circuit has been open for an hour. The process ends with 1; the work is kept, and other workers keep waiting. */
class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';

  /** @param now epoch ms of Redis' clock */
  constructor(circuit: OpenCircuit, now: number) {
    super(
      `${sentence(circuitTrouble(circuit, now))}, for over an hour: giving up for now, all work is kept. ` +
        `Other workers keep waiting. ${sentence(circuitAdvice(circuit))}. Then start again.`,
    );
  }
}

const hour = 3_600_000;

/** Watches the circuit during one run: announces once that it opened and once that it closed; decides when to give up. */
export class CircuitWatch {
  #last: OpenCircuit | null = null;
  #now = 0;
  /** When it was first seen open, epoch ms of Redis' clock. */
  #seenAt = 0;
  /** Whether a request has failed since. */
  #failed = false;

  /** @returns a notice when the circuit has opened or closed, else null */
  see({ circuit, now }: Pick<PaceStatus, 'circuit' | 'now'>): string | null {
    const last = this.#last;
    this.#last = circuit;
    this.#now = now;
    if (circuit === null) return last === null ? null : circuitClosed(last, now);
    if (last === null) {
      this.#seenAt = now;
      this.#failed = false;
      return circuitOpened(circuit, now);
    }
    if (circuit.failed > last.failed) this.#failed = true;
    return null;
  }

  /**
   * Ends the wait for a circuit that has been open for an hour. If it was open before this process began, one request
   * goes out first: the API may be back.
   * @throws CircuitOpenError
   */
  giveUpIfStuck(): void {
    if (this.#last === null) return;
    const from = this.#failed ? this.#last.since : this.#seenAt;
    if (this.#now - from >= hour) throw new CircuitOpenError(this.#last, this.#now);
  }
}
