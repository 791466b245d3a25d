/** Redis was emptied and no longer knows the current run: the process ends with 1, and a new start begins again. */
export class RunLostError extends Error {
  override readonly name = 'RunLostError';

  constructor() {
    super(
      'Redis no longer knows this run, because it was emptied. Start again; finished work is taken from the ' +
        'state files.',
    );
  }
}

/** The checkpoints were written by another version of this program. The process ends with 2; nothing is touched. */
export class SchemaVersionError extends Error {
  override readonly name = 'SchemaVersionError';
  readonly exitCode = 2;

  constructor(found: string, known: string, prefix: string) {
    super(
      `The checkpoints under ${prefix} have layout ${found}, this version reads layout ${known}: ` +
        'use the version that wrote them, or another QUEUE_PREFIX.',
    );
  }
}

/** The tests of this prefix are classified by rules that only another version of this program knows. */
export class UnknownRulesError extends Error {
  override readonly name = 'UnknownRulesError';
  readonly exitCode = 2;

  constructor(rules: string) {
    super(
      `Tests are classified by the rules "${rules}", which this version does not know: ` +
        'use the version that chose them.',
    );
  }
}

/** Other rules were chosen while a rule set was being applied: what was changed so far is correct for its set. */
export class RulesChangedError extends Error {
  override readonly name = 'RulesChangedError';

  constructor() {
    super('Another process chose other rules in the meantime. Start again with the rules that you want.');
  }
}
