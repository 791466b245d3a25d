/** Redis has forgotten the run that is going on (it was emptied): the process ends with 1, and a new start begins anew. */
export class RunLostError extends Error {
  override readonly name = 'RunLostError';

  constructor() {
    super(
      'Redis no longer knows this run: it was emptied meanwhile. Start again; finished work is taken from the state files.',
    );
  }
}

/** The checkpoints were written by another version of this program. The process ends with 2; nothing is touched. */
export class SchemaVersionError extends Error {
  override readonly name = 'SchemaVersionError';

  constructor(found: string, known: string, prefix: string) {
    super(
      `The checkpoints under ${prefix} have layout ${found}, this version reads layout ${known}: ` +
        'use the version that wrote them, or another QUEUE_PREFIX.',
    );
  }
}
