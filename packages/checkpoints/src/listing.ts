import { CheckpointPart, testKey } from './keys.ts';
import {
  type Failure,
  failureText,
  type ListingRecord,
  type NewVerdict,
  type WorkspaceRecord,
  workspaceRecord,
} from './records.ts';
import { pairsOf, Script, wellFormedJson } from './script.ts';

const script = new Script('listing', 'workspaces');

/** A test of one page, as the listing shows it, with the type that the listing declares. */
export interface PageTest {
  /** As the listing spells it. */
  readonly uuid: string;
  readonly listing: {
    readonly [Name in 'title' | 'orderedAt' | 'type' | 'productType']?: ListingRecord[Name] | undefined;
  };
  readonly declared: NewVerdict | null;
}

export interface Page {
  readonly run: string;
  /** When this process joined the run (epoch ms): a test that failed since then is not opened again. */
  readonly joinedAt: number;
  readonly workspace: string;
  readonly position: number;
  /** False when tests whose type the listing does not declare stay without a verdict. */
  readonly probe: boolean;
  readonly tests: readonly PageTest[];
  /** The cursor before it; none before the first page. */
  readonly from?: string | null;
  /** The cursor behind it; none behind the last page. */
  readonly next?: string | null;
}

/** A test that has to be enqueued: `new`, or to be probed again. */
export interface Selected {
  readonly uuid: string;
  readonly why: 'new' | 'recheck';
}

/** What the producer stores while it lists workspaces and tests. */
export class ListingCheckpoint extends CheckpointPart {
  /** Saves the names and the order of all workspaces. */
  async saveWorkspaces(workspaces: readonly { readonly uuid: string; readonly name: string }[]): Promise<void> {
    await this.#run('saveWorkspaces', { workspaces: workspaces.map(({ uuid, name }) => ({ uuid, name })) });
  }

  /**
   * Saves a page, records the verdicts that the listing declares, and opens every test that still needs an outcome. All
   * of it is one act, so no test is lost or counted twice whatever other processes do. Where there is nothing to enqueue, and
   * the page before is saved, it also saves where the listing continues.
   * @returns the tests to enqueue; after that, {@link saveCursor}
   * @throws RunLostError when Redis has forgotten the run.
   */
  async savePage(page: Page): Promise<Selected[]> {
    const { run, joinedAt, workspace, position, probe, from = null, next = null } = page;
    const seen = new Set<string>();
    // The different ones are few, and the same objects: each is sent once.
    const verdicts: NewVerdict[] = [];
    const numberOf = (verdict: NewVerdict): number => verdicts.indexOf(verdict) + 1 || verdicts.push(verdict);
    // What the records of a page begin with is sent once, too.
    const texts = [wellFormedJson({ workspace, position }).slice(0, -1)];
    for (const { uuid, listing, declared } of page.tests) {
      const key = testKey(uuid);
      if (seen.has(key)) continue;
      seen.add(key);
      const own = wellFormedJson(key === uuid ? listing : { ...listing, spelling: uuid });
      texts.push(key, own === '{}' ? '}' : `,${own.slice(1)}`);
      texts.push(declared === null ? '' : String(numberOf(declared)));
    }
    const cursors = { ...(from !== null && { from }), ...(next !== null && { cursor: next }) };
    const place = { run, joinedAt, workspace, position, ...cursors };
    const enqueue = pairsOf<Selected['why']>(
      await script.run(this.keyspace, 'savePage', { ...place, probe, verdicts }, texts),
    );
    return enqueue.map(([uuid, why]) => ({ uuid, why }));
  }

  /** Saves where the listing of a workspace continues; called after the page has been enqueued. */
  async saveCursor(workspace: string, run: string, cursor: string): Promise<void> {
    await this.#run('saveCursor', { workspace, run, cursor });
  }

  /** Where an interrupted listing of this run continues, or null. @param maxAge in ms: cursors are positional */
  async cursor(workspace: string, run: string, maxAge: number): Promise<string | null> {
    return (await this.#run('readCursor', { workspace, run, maxAge })) as string | null;
  }

  /** Notes that a workspace has been listed to its end, which also ends an error of its listing. */
  async finishWorkspace(workspace: string, run: string): Promise<void> {
    await this.#run('finishWorkspace', { workspace, run });
  }

  /** Records that a workspace could not be listed in a run. */
  async failWorkspace(workspace: string, failure: Failure, run: string): Promise<void> {
    await this.#run('failWorkspace', { workspace, run, type: failure.type, failure: failureText(failure) });
  }

  /**
   * Notes which tests the complete listings of a run no longer have. Called when all its workspaces are listed;
   * interrupted anywhere, another call does the rest.
   * @throws RunLostError when Redis has forgotten the run.
   */
  async noteUnlisted(run: string): Promise<void> {
    let cursor: unknown = '0';
    do cursor = await this.#run('noteUnlisted', { run, cursor });
    while (cursor !== '0');
  }

  /** All workspaces ever listed, by UUID. */
  async workspaces(): Promise<Map<string, WorkspaceRecord>> {
    const all = await this.client.hgetall(this.keys.workspaces);
    return new Map(Object.entries(all).map(([uuid, text]) => [uuid, workspaceRecord.parse(JSON.parse(text))]));
  }

  #run(command: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    return script.run(this.keyspace, command, args);
  }
}
