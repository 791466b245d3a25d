import type { Keyspace, RedisClient } from '@inventory/redis';

/** The version of this layout that this program reads and writes. */
export const schemaVersion = '1';

/**
 * The checkpoints' Redis keys, by the names the scripts use. All share the prefix, whose braces keep them in
 * one cluster slot.
 */
export const keyNames = [
  /** `1` once the prefix is in use: the version of this layout. */
  'schema',
  /** Time in µs of the latest change that shows in the state files (`Inventory.revision`). */
  'revision',
  /** The same for the changes that are not outcomes: a listing, an import, a test that is forgotten (`untold` in Redis). */
  'libraryRevision',
  /** Hash: workspace UUID → {@link WorkspaceRecord}. */
  'workspaces',
  /** Hash: workspace UUID → cursor of its listing. */
  'cursors',
  /** Sorted set of all test UUIDs, in their byte order. */
  'catalogue',
  /** Hash: test UUID → {@link ListingRecord}. */
  'listing',
  /** Hash: test UUID → what the probes answered. */
  'evidence',
  /** Hash: test UUID → verdict. */
  'verdicts',
  /** Hash: test UUID or `workspace:UUID` → {@link ErrorRecord}. */
  'errors',
  /** Hash: test UUID → tries of its current step. */
  'retries',
  /** Hash: test UUID → the runs that wait for it. A test that is selected and has no outcome is in here. */
  'open',
  /** Hash: run id → {@link RunRecord}. */
  'runs',
  /** Hash: selection → id of its latest run. */
  'current',
  /** Hash: `category|rule` → number of tests. */
  'counts',
  /** Name of the rule set by which tests are probed; missing = `tutorial`. */
  'rules',
  /** Hash: test UUID → what an audit's probes found about a test that its listing declares. */
  'audited',
  /** Sorted set: test UUID → time (epoch ms) from which its provisional verdict is checked again. */
  'provisional',
  /** Set of test UUIDs whose ClassicUT verdict nothing confirms yet. */
  'unconfirmed',
  /** Exists once unconfirmed tests have been checked again. */
  'reasked',
  /** Hash: test UUID → the runs that waited for it; the ClassicUT verdicts by probe since sessionResults last answered 200. */
  'streak',
  /** The same for the tests with media that were absent since then. */
  'absences',
  /**
   * Hash: that the queue is held because the API did not know its tests: since when, when it last knew them (`knownAt`),
   * and when that was over. 404s of requests that were permitted before it was over do not count.
   */
  'hold',
  /**
   * Sorted set of the tests that the Results API should know (controls): UUID → time of its last 200 (epoch ms), 0 for
   * one that is only declared or imported; negative once it has answered 404.
   */
  'controls',
  /** Hash: who asks a control, since when, and what controls have answered in this round. */
  'question',
  /** Stream of verdicts, as they are recorded. */
  'decided',
  /** Id of its last entry that is not just what a listing declares about a new test. */
  'lastDecided',
  /** Stream of errors, as they are recorded. */
  'failed',
  /** Stream of what has changed (`changes.ts`). */
  'changes',
  /** From which of its entries on that stream is complete: those before have been dropped. */
  'changesFrom',
  /** Hash: test UUID → category before the verdict that was withdrawn, empty for none. */
  'withdrawn',
  /** Hash: test that the latest listing lacks → the run that noted it; empty where it may be gone for longer. */
  'unlisted',
  /** Hash: test UUID → its listing in an earlier workspace than the one it is in, until its run has listed that one. */
  'elsewhere',
  /** Hash of the counts of requests, which the package `metrics` writes. */
  'metrics',
] as const;

export type KeyName = (typeof keyNames)[number];

/** The full Redis key of each name. @param prefix with braces, for example `{classify}` */
export function keysOf(prefix: string): Readonly<Record<KeyName, string>> {
  const pairs = keyNames.map((name) => [name, `${prefix}:${name === 'libraryRevision' ? 'untold' : name}`]);
  return Object.fromEntries(pairs) as Record<KeyName, string>;
}

/** What each kind of use of the checkpoints is made from. */
export abstract class CheckpointPart {
  protected readonly keyspace: Keyspace;
  protected readonly client: RedisClient;
  /** The account's keys, by their names. */
  protected readonly keys: Readonly<Record<KeyName, string>>;

  constructor(keyspace: Keyspace) {
    this.keyspace = keyspace;
    this.client = keyspace.client;
    this.keys = keysOf(keyspace.prefix);
  }
}

const uuidForm = /^[0-9a-z]{8}(-[0-9a-z]{4}){3}-[0-9a-z]{12}$/i;

/**
 * The name under which a test is stored and compared: a UUID in lower case, because tools write the same one in either;
 * anything else as it is.
 */
export function testKey(uuid: string): string {
  return uuidForm.test(uuid) ? uuid.toLowerCase() : uuid;
}

/** How many outcomes, and how many changes, each stream keeps at least. */
export const keptOutcomes = 100_000;

/** From so many ClassicUT verdicts by probe in a row on, a control is asked before the next test. */
export const streakLimit = 25;

/** From so many in a row on, with no control to ask, they are unconfirmed. */
export const unconfirmedFrom = 10;
