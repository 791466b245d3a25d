import { type Checkpoints, fromTheStart, type Outcome } from '@inventory/checkpoints';
import { type ExportRow, exportRowSchema, readRows } from '@inventory/exports';
import { type Logger, messageOf } from '@inventory/logger';
import type { RowStore } from '../rows/row-store.ts';
import type { Scanned, ShortError, TestIndex } from './test-index.ts';

/** What one look at the checkpoints saw. */
export interface Seen {
  readonly revision: number;
  /** The revision of the latest change that no outcome reports. */
  readonly libraryRevision: number;
  /** How many tests wait for their outcome. */
  readonly open: number;
  /** All workspaces, as text. */
  readonly workspaces: string;
  /** The last change before the look (`checkpoints.changes`). */
  readonly cursor: string;
}

/** A scan takes at most this share of the time. */
const share = 1 / 10;

/** Scans the checkpoints when something has changed that no outcome reports. One scan at a time. */
export class IndexScanner {
  /** Resolves after the first scan. */
  readonly loaded: Promise<void>;
  readonly #checkpoints: Checkpoints;
  readonly #index: TestIndex;
  /** A change that the index has, with all before it. */
  #cursor = fromTheStart;
  #markLoaded = (): void => undefined;
  /** What the last scan was started for; null when the next one must not be skipped. */
  #scanned: Seen | null = null;
  /** The revision at the last look. */
  #revision = 0;
  #nextAt = 0;
  #scan: Promise<void> | null = null;
  /** Outcomes that came during the scan, which may have read their tests before. */
  #duringScan: Outcome[] = [];

  constructor(checkpoints: Checkpoints, index: TestIndex) {
    this.#checkpoints = checkpoints;
    this.#index = index;
    this.loaded = new Promise((resolve) => {
      this.#markLoaded = resolve;
    });
  }

  get cursor(): string {
    return this.#cursor;
  }

  remember(outcomes: readonly Outcome[]): void {
    if (this.#scan !== null) this.#duringScan.push(...outcomes);
  }

  /** Makes the next look scan, as outcomes may have been missed. */
  invalidate(): void {
    this.#scanned = null;
  }

  /** Starts a scan if one is needed and due. @param signal says that its result is no longer needed */
  look(seen: Seen, logger: Logger, signal: AbortSignal): void {
    // Redis has lost its last writes: outcomes that are known may be among them.
    if (seen.revision < this.#revision) this.invalidate();
    this.#revision = seen.revision;
    if (this.#scan !== null) return;
    const known = this.#scanned;
    if (
      known?.libraryRevision === seen.libraryRevision &&
      known.workspaces === seen.workspaces &&
      seen.open === this.#index.open.size
    ) {
      this.#cursor = seen.cursor;
      return;
    }
    if (performance.now() < this.#nextAt) return;
    this.#scanned = seen;
    this.#scan = this.#run(seen.cursor, logger, signal);
  }

  /** Resolves when no scan is running. */
  async idle(): Promise<void> {
    await this.#scan;
  }

  async #run(cursor: string, logger: Logger, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    try {
      this.#index.replace(await scanTests(this.#checkpoints, this.#index.store));
      this.#index.apply(this.#duringScan);
      this.#cursor = cursor;
      this.#markLoaded();
    } catch (error) {
      if (!signal.aborted) logger.warn({ reason: messageOf(error) }, 'could not read all tests; trying again');
      this.invalidate();
    }
    const ms = performance.now() - startedAt;
    logger.debug({ ms: Math.round(ms), tests: this.#index.store.size }, 'read all tests');
    this.#duringScan = [];
    this.#nextAt = performance.now() + ms / share;
    this.#scan = null;
  }
}

const fields = exportRowSchema.keyof().options;

/**
 * Reads all checkpoints in batches and compares them with the rows that are known. Only what differs is kept, so a scan
 * of a library that has not changed takes little memory.
 */
async function scanTests(checkpoints: Checkpoints, known: RowStore): Promise<Scanned> {
  const workspaces = await checkpoints.listing.workspaces();
  const open = new Set<string>();
  for await (const uuids of checkpoints.inventory.open()) for (const uuid of uuids) open.add(uuid);
  const errors = new Map<string, ShortError>();
  for await (const batch of checkpoints.inventory.scanErrors()) {
    for (const [key, { type, error, at }] of batch) errors.set(key, { type, error, at });
  }
  const compact = compactor();
  const put: ExportRow[] = [];
  const found = new Set<string>();
  for await (const rows of readRows(checkpoints)) {
    for (const row of rows) {
      const before = known.get(row.test_uuid);
      found.add(before?.test_uuid ?? row.test_uuid);
      if (before === undefined || fields.some((field) => before[field] !== row[field])) put.push(compact(row));
    }
  }
  const remove = Array.from(known.all(), ({ test_uuid }) => test_uuid).filter((uuid) => !found.has(uuid));
  return { put, remove, errors, open, workspaces };
}

/** Makes rows share the words that many of them have in common, so that each word is in memory once. */
function compactor(): (row: ExportRow) => ExportRow {
  const words = new Map<unknown, unknown>();
  const shared = <Word>(word: Word): Word => {
    if (!words.has(word)) words.set(word, word);
    return words.get(word) as Word;
  };
  return (row) => ({
    ...row,
    workspace_uuid: shared(row.workspace_uuid),
    workspace_name: shared(row.workspace_name),
    test_type: shared(row.test_type),
    category: shared(row.category),
    source: shared(row.source),
    rule: shared(row.rule),
    error: shared(row.error),
    certainty: shared(row.certainty),
  });
}
