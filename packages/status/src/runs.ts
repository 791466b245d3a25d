import {
  type Change,
  type ChangeKind,
  type Checkpoints,
  changeKinds,
  fromTheStart,
  type ListedKind,
  listedKinds,
  type RequestSums,
  type RunJson,
  runJson,
  type TestRecord,
  type WorkspaceRecord,
} from '@inventory/checkpoints';
import { findRule } from '@inventory/classification';
import { readWorkTotals } from '@inventory/metrics';
import { isoTime } from './words.ts';

/** The requests of all workers since the account is in use. */
export async function readRequestSums(checkpoints: Checkpoints): Promise<RequestSums> {
  const { requests } = await readWorkTotals(checkpoints);
  const sum = (some: typeof requests): number => some.reduce((all, { count }) => all + count, 0);
  return { requests: sum(requests), throttled: sum(requests.filter(({ status }) => status === '429')) };
}

/** A change for machines, with what is known about its test now. */
function changeJson(change: Change, test: TestRecord | undefined, workspaces: ReadonlyMap<string, WorkspaceRecord>) {
  const { id, at, key, kinds, runs, from, to, why } = change;
  const [, ofWorkspace = null] = /^workspace:(.*)$/s.exec(key) ?? [];
  const workspace = ofWorkspace ?? test?.listing?.workspace ?? null;
  const rule = to === null ? null : why;
  return {
    cursor: id,
    at: isoTime(at),
    changes: [...kinds],
    test_uuid: ofWorkspace === null ? key : null,
    title: test?.listing?.title?.toWellFormed() ?? null,
    workspace_uuid: workspace,
    workspace_name: workspace === null ? null : (workspaces.get(workspace)?.name.toWellFormed() ?? null),
    from,
    to,
    rule,
    because: rule === null ? null : (findRule(rule)?.rule.because ?? null),
    error: kinds.includes('error_new') ? why : null,
    runs: [...runs],
  };
}
export type ChangeJson = ReturnType<typeof changeJson>;

/**
 * The changes after a cursor, the oldest first, with what is known about their tests now.
 * @param cursor the `cursor` of a change; null for the oldest that are kept
 * @param most how many at most
 * @returns also the cursor to continue from
 * @throws ChangesDroppedError when some of them are no longer kept
 */
export async function readChanges(
  checkpoints: Checkpoints,
  cursor: string | null,
  most: number,
): Promise<{ readonly changes: ChangeJson[]; readonly next: string }> {
  const changes = await checkpoints.changes.after(cursor, most);
  return { changes: await described(checkpoints, changes), next: changes.at(-1)?.id ?? cursor ?? fromTheStart };
}

async function described(checkpoints: Checkpoints, changes: readonly Change[]): Promise<ChangeJson[]> {
  if (changes.length === 0) return [];
  const [tests, workspaces] = await Promise.all([
    checkpoints.inventory.records(changes.map(({ key }) => key)),
    checkpoints.listing.workspaces(),
  ]);
  return changes.map((change, index) => changeJson(change, tests[index], workspaces));
}

/** The runs that are kept, the latest first. */
export async function readRuns(checkpoints: Checkpoints): Promise<RunJson[]> {
  const [runs, sent] = await Promise.all([checkpoints.runs.list(), readRequestSums(checkpoints)]);
  return runs.reverse().map((run) => runJson(run, sent));
}

/** A run with the tests that it changed. */
export interface RunReport {
  readonly run: RunJson;
  /** By kind, in the order in which they changed; at most as many as were asked for, and no kind without a test. */
  readonly tests: Readonly<Partial<Record<ListedKind, ChangeJson[]>>>;
  /** False where some of the tests that were asked for are no longer kept, though they are counted. */
  readonly complete: boolean;
}

/** Which run is read, and how much of it. */
export interface RunQuestion {
  /** Id of the run, or `latest`. */
  readonly id: string;
  /** How many tests of each kind. */
  readonly most: number;
  /** Kinds whose tests are wanted; all unless said otherwise. */
  readonly kinds?: readonly ListedKind[];
}

/** A run with the tests that it changed. @returns null for a run that is not known (any more) */
export async function readRun(
  checkpoints: Checkpoints,
  { id, most, kinds = listedKinds }: RunQuestion,
): Promise<RunReport | null> {
  const record = id === 'latest' ? (await checkpoints.runs.list()).at(-1) : await checkpoints.runs.read(id);
  if (!record) return null;
  const run = runJson(record, await readRequestSums(checkpoints));
  const counted = kinds.filter((kind) => (run.changes?.[kind] ?? 0) > 0);
  const net = new NetChanges(record.id);
  const isWhole = (kind: ListedKind): boolean => net.of(kind).length >= Math.min(most, run.changes?.[kind] ?? 0);
  const portions = counted.length > 0 ? checkpoints.changes.of(record) : [];
  for await (const portion of portions) {
    net.add(portion);
    // What follows could only take back some of them.
    if (!record.undid && counted.every(isWhole)) break;
  }
  const tests: Partial<Record<ListedKind, ChangeJson[]>> = {};
  for (const kind of counted) tests[kind] = await described(checkpoints, net.of(kind).slice(0, most));
  return { run, tests, complete: counted.every(isWhole) };
}

/** The changes of one run without those that it has taken back itself, as the run counts them (`count` in `lua/changes.lua`). */
export class NetChanges {
  readonly #run: string;
  readonly #byKind = new Map<ChangeKind, Map<string, Change[]>>(changeKinds.map((kind) => [kind, new Map()]));

  /** @param run its id */
  constructor(run: string) {
    this.#run = run;
  }

  add(changes: readonly Change[]): void {
    for (const change of changes) for (const kind of change.kinds) this.#add(kind, change);
  }

  of(kind: ListedKind): Change[] {
    return [...(this.#byKind.get(kind)?.values() ?? [])].flat();
  }

  #add(kind: ChangeKind, change: Change): void {
    const undone = change.undoes.includes(this.#run) ? undoneBy(kind, change) : null;
    if (undone !== null) return void this.#byKind.get(undone)?.get(change.key)?.pop();
    const ofTest = this.#byKind.get(kind);
    ofTest?.set(change.key, [...(ofTest.get(change.key) ?? []), change]);
  }
}

/** What a change takes back. */
function undoneBy(kind: ChangeKind, { to }: Change): ListedKind | null {
  if (kind === 'error_gone') return 'error_new';
  if (kind === 'listed_again') return 'unlisted';
  if (kind === 'withdrawn') return to === null || to === 'no sessions' ? 'classified' : 'type_changed';
  return null;
}
