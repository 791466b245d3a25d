/** The API has refused two new tokens in a row; all workers wait. The process ends with 3. */
export class QueueHeldError extends Error {
  override readonly name = 'QueueHeldError';

  constructor() {
    super(
      'The API refuses new access tokens (401), so everything is paused and kept. ' +
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
        'See whether somebody else uses this account, then start again.',
    );
  }
}
