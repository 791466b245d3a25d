import type { OpenCircuit } from '@inventory/queue';
import { circuitAdvice, circuitTrouble, sentence } from '../pace-words.ts';

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
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';

  /** @param now epoch ms of Redis' clock */
  constructor(circuit: OpenCircuit, now: number) {
    super(
      `${sentence(circuitTrouble(circuit, now))}, for over an hour: giving up for now, all work is kept. ` +
        `Other workers keep waiting. ${sentence(circuitAdvice(circuit))}. Then start again.`,
    );
  }
}
