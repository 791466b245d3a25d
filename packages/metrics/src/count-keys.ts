/** The Redis keys of the counts. */
export interface CountKeys {
  /**
   * Hash of sums over all processes there ever were. Fields: `requests|PROBE|STATUS`, `bucket|PROBE|SECONDS`,
   * `microseconds|PROBE`, `retries|PROBE|TYPE`, `errors|TYPE`, `limited_ms`, and `limited_until`, the end of the
   * last pause that is in that sum (epoch ms of Redis' clock).
   */
  readonly counts: string;
  /** Number of the last batch that a process has handed over. */
  batchOf(process: string): string;
}

/** @param prefix with braces, for example `{classify}` */
export function countKeys(prefix: string): CountKeys {
  return { counts: `${prefix}:metrics`, batchOf: (process) => `${prefix}:metrics:batch:${process}` };
}
