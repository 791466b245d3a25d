import type { RuleSetName, Verdict } from '@inventory/classification';
import { Inventory } from './inventory.ts';
import { CheckpointPart } from './keys.ts';
import { type AuditRecord, auditRecord, type NewVerdict, parsed } from './records.ts';
import { pairsOf, Script } from './script.ts';

const script = new Script('known-tests');
/** How many tests one act is about at most. */
const batch = 200;
/** How many unconfirmed tests are checked again. */
const mostUnconfirmed = 3;

/** A test with a verdict, as a rule set re-evaluates it. */
export interface ReevaluatedTest {
  readonly uuid: string;
  /** The verdict that it had then; if it has another one now, it is not changed. */
  readonly before: Pick<Verdict, 'rule' | 'at'>;
  /** What the rules say; null when they lack an answer. */
  readonly verdict: NewVerdict | null;
}

/** UUIDs of tests, by what was done with them. */
export interface Reclassified {
  readonly changed: readonly string[];
  /** Have to be enqueued: they are open now, and keep their verdict until they have a new one. */
  readonly opened: readonly string[];
}

/** A test that was forgotten. */
export interface Forgotten {
  readonly key: string;
  /** Whether runs waited for it: then it has a job, which is no longer needed. */
  readonly wasOpen: boolean;
}

/** What can be done with tests that are known already: probe them again, or forget them. */
export class KnownTests extends CheckpointPart {
  /**
   * Opens tests that ended in an error for a run. Tests without an error, never listed, or that another run waits for
   * already are not changed. The error stays until an outcome replaces it.
   * @param run id of the run
   * @returns the tests to enqueue
   * @throws RunLostError when Redis has forgotten the run
   */
  retry(run: string, uuids: readonly string[]): Promise<string[]> {
    return this.#inBatches(uuids, (some) => this.#run('retry', { run, uuids: some }));
  }

  /**
   * Opens tests that their listing declares for a run, so that they are probed. Their verdict stays whatever the probes
   * say; {@link audited} reports those. Tests that the run has probed already, or that are not declared, are left
   * alone.
   * @param run id of the run
   * @returns the tests to enqueue
   * @throws RunLostError when Redis has forgotten the run
   */
  audit(run: string, uuids: readonly string[]): Promise<string[]> {
    return this.#inBatches(uuids, (some) => this.#run('audit', { run, uuids: some }));
  }

  /** What the latest audit's probes said of tests, in their order; null for one that no audit has probed. */
  async audited(uuids: readonly string[]): Promise<(AuditRecord | null)[]> {
    if (uuids.length === 0) return [];
    const texts = await this.client.hmget(this.keys.audited, ...uuids);
    return texts.map((text) => parsed(auditRecord, text));
  }

  /**
   * Gives tests the verdict of the rules that are in force, and opens those that lack an answer for a run; their answers
   * that are too old are dropped. Tests that are open, or have another verdict by now, are not changed, so that the
   * same call twice changes nothing.
   * @param run id of the run that waits for tests without a verdict; null when there are none
   * @throws RulesChangedError when other rules are in force by now; RunLostError when Redis has forgotten the run
   */
  async reclassify(
    { rules, run }: { readonly rules: RuleSetName; readonly run: string | null },
    tests: readonly ReevaluatedTest[],
  ): Promise<Reclassified> {
    const done = await this.#inBatches(tests, async (some) => {
      const reevaluated = some.map(({ uuid, before: { rule, at }, verdict }) => ({
        uuid,
        before: { rule, at },
        ...(verdict !== null && { verdict }),
      }));
      const answer = await this.#run('reclassify', { rules, ...(run !== null && { run }), tests: reevaluated });
      return pairsOf<keyof Reclassified>(answer);
    });
    const those = (what: keyof Reclassified): string[] => done.filter(([, is]) => is === what).map(([uuid]) => uuid);
    return { changed: those('changed'), opened: those('opened') };
  }

  /** How many unconfirmed tests the next run will check again. */
  async unconfirmedToAsk(): Promise<number> {
    const { unconfirmed, reasked } = this.keys;
    const [count, done] = await Promise.all([this.client.scard(unconfirmed), this.client.exists(reasked)]);
    return done === 1 ? 0 : Math.min(count, mostUnconfirmed);
  }

  /**
   * Opens three of the unconfirmed tests for a run, so that they are checked again; never more than three.
   * @returns the tests to enqueue
   * @throws RunLostError when Redis has forgotten the run
   */
  openUnconfirmed(run: string): Promise<string[]> {
    return this.#run('openUnconfirmed', { run, most: mostUnconfirmed });
  }

  /**
   * Removes all that is stored about tests, as if they had never been listed. Runs stop waiting for them; an
   * answer that comes later for one of them is ignored, as for any test that is not open. A listing that was
   * interrupted in their workspace starts again, so that the next run finds them. Their outcomes and changes leave the
   * streams too.
   * @param keys test UUIDs, or `workspace:UUID` for the error of a listing; what is not known is left out
   */
  async forget(keys: readonly string[]): Promise<Forgotten[]> {
    const forgotten = await this.#forget(keys);
    if (keys.length > 0) await this.#dropOutcomes(new Set(keys));
    return forgotten;
  }

  #forget(keys: readonly string[]): Promise<Forgotten[]> {
    return this.#inBatches(keys, async (some) => {
      const forgotten = pairsOf<number>(await this.#run('forget', { keys: some }));
      return forgotten.map(([key, wasOpen]) => ({ key, wasOpen: wasOpen === 1 }));
    });
  }

  /**
   * Forgets every test ({@link forget}), every error and where interrupted listings were. What stays: that the prefix is
   * in use, the names of the workspaces, and the runs, which wait for nothing any more.
   */
  async forgetAll(): Promise<Forgotten[]> {
    const { keys } = this;
    const forgotten: Forgotten[] = [];
    for await (const page of new Inventory(this.keyspace).pages()) {
      forgotten.push(...(await this.#forget(page.map(({ uuid }) => uuid))));
    }
    const hashes = [keys.errors, keys.verdicts, keys.evidence, keys.open, keys.retries];
    const strays = new Set((await Promise.all(hashes.map((hash) => this.client.hkeys(hash)))).flat());
    forgotten.push(...(await this.#forget([...strays])));
    await Promise.all([
      this.client.del(keys.cursors, keys.question, keys.reasked, keys.hold),
      this.client.xtrim(keys.decided, 'MAXLEN', 0),
      this.client.xtrim(keys.failed, 'MAXLEN', 0),
      this.client.xtrim(keys.changes, 'MAXLEN', 0),
    ]);
    return forgotten;
  }

  /** Deletes the outcomes and the changes of tests from the streams. */
  async #dropOutcomes(uuids: ReadonlySet<string>): Promise<void> {
    const { decided, failed, changes } = this.keys;
    for (const stream of [decided, failed, changes]) {
      let from = '-';
      for (;;) {
        const entries = await this.client.xrange(stream, from, '+', 'COUNT', 1000);
        const ids = entries.filter(([, [, uuid]]) => uuids.has(uuid ?? '')).map(([id]) => id);
        if (ids.length > 0) await this.client.xdel(stream, ...ids);
        const last = entries.at(-1);
        if (last === undefined) break;
        from = `(${last[0]}`;
      }
    }
  }

  async #inBatches<Item, Result>(
    items: readonly Item[],
    act: (some: readonly Item[]) => Promise<readonly Result[]>,
  ): Promise<Result[]> {
    const results: Result[] = [];
    for (let from = 0; from < items.length; from += batch)
      results.push(...(await act(items.slice(from, from + batch))));
    return results;
  }

  async #run(command: string, args: Readonly<Record<string, unknown>>): Promise<string[]> {
    return (await script.run(this.keyspace, command, args)) as string[];
  }
}
