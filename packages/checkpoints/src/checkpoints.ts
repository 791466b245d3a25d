import type { RuleSetName } from '@inventory/classification';
import { Keyspace } from '@inventory/redis';
import { Changes } from './changes.ts';
import { Controls } from './controls.ts';
import { SchemaVersionError } from './errors.ts';
import { ImportCheckpoint } from './import.ts';
import { Inventory } from './inventory.ts';
import { keysOf, schemaVersion } from './keys.ts';
import { KnownTests } from './known-tests.ts';
import { ListingCheckpoint } from './listing.ts';
import { type FollowOptions, OutcomeFeed } from './outcomes.ts';
import { type Reconciled, type ReconcileOptions, reconcile } from './reconcile.ts';
import { rulesOf } from './records.ts';
import { Runs } from './runs.ts';
import { TestCheckpoint } from './test-checkpoint.ts';

/** Everything that is stored about one account: its keyspace, and one object for each kind of use. */
export class Checkpoints extends Keyspace {
  readonly runs: Runs;
  readonly listing: ListingCheckpoint;
  readonly test: TestCheckpoint;
  readonly controls: Controls;
  readonly inventory: Inventory;
  readonly known: KnownTests;
  readonly import: ImportCheckpoint;
  readonly changes: Changes;

  private constructor({ client, prefix }: Keyspace) {
    super(client, prefix);
    this.runs = new Runs(this);
    this.listing = new ListingCheckpoint(this);
    this.test = new TestCheckpoint(this);
    this.controls = new Controls(this);
    this.inventory = new Inventory(this);
    this.known = new KnownTests(this);
    this.import = new ImportCheckpoint(this);
    this.changes = new Changes(this);
  }

  /**
   * Opens the checkpoints of a keyspace. They need not exist yet.
   * @throws SchemaVersionError when it has another version's layout
   */
  static async open(keyspace: Keyspace): Promise<Checkpoints> {
    const { client, prefix } = keyspace;
    const found = await client.get(keysOf(prefix).schema);
    if (found !== null && found !== schemaVersion) throw new SchemaVersionError(found, schemaVersion, prefix);
    return new Checkpoints(keyspace);
  }

  /** The time by Redis' clock, epoch ms: the one clock that all processes share. */
  async now(): Promise<number> {
    const [seconds, micros] = await this.client.time();
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  }

  /** The rules by which all tests are probed. @throws UnknownRulesError */
  async rules(): Promise<RuleSetName> {
    return rulesOf(await this.client.get(keysOf(this.prefix).rules));
  }

  /** Makes these the rules by which tests are probed from now on, by every process. */
  async chooseRules(rules: RuleSetName): Promise<void> {
    await this.client.set(keysOf(this.prefix).rules, rules);
  }

  /** Opens a feed of the outcomes from now on; of all of them unless the options say otherwise. */
  follow(options: FollowOptions = { declared: true }): Promise<OutcomeFeed> {
    return OutcomeFeed.open(this, options);
  }

  /**
   * Makes what is stored twice in the checkpoints consistent, in one act; a second call changes nothing.
   * @returns what was inconsistent
   */
  reconcile(options: ReconcileOptions): Promise<Reconciled> {
    return reconcile(this, options);
  }
}
