import type { Checkpoints, ErrorRecord, InventoryTest, WorkspaceRecord } from '@inventory/checkpoints';
import { platformOf, testTypeOf } from '@inventory/classification';

/** How many records each state file holds. */
export interface StateCounts {
  readonly utz: number;
  readonly classic: number;
  readonly errors: number;
}

/** Where text goes; resolves when it has been accepted. */
interface Sink {
  write(text: string): Promise<void>;
}

/** What was written. */
export interface WrittenContents {
  readonly counts: StateCounts;
  /** The tests whose verdict is not final: the files do not say so. */
  readonly notFinal: readonly string[];
}

/** Writes the contents of the three files in one pass over the checkpoints, page by page. */
export async function writeContents(
  { listing, inventory }: Checkpoints,
  sinks: Readonly<Record<keyof StateCounts, Sink>>,
): Promise<WrittenContents> {
  const workspaces = await listing.workspaces();
  const utz = new JsonWriter(sinks.utz, '[]');
  const classic = new JsonWriter(sinks.classic, '[]');
  const errors = new JsonWriter(sinks.errors, '{}');
  const notFinal: string[] = [];
  for await (const page of inventory.pages()) {
    for (const { uuid, certainty } of page) if ((certainty ?? 'final') !== 'final') notFinal.push(uuid);
    const entriesOf = (platform: 'UTZ' | 'ClassicUT'): object[] =>
      page
        .filter(({ verdict }) => verdict !== null && platformOf(verdict.category) === platform)
        .map((test) => testEntry(test, workspaces));
    await utz.addItems(entriesOf('UTZ'));
    await classic.addItems(entriesOf('ClassicUT'));
  }
  for await (const page of inventory.errors()) {
    await errors.addMembers(page.map(([key, error]) => [key, errorEntry(error)]));
  }
  return { counts: { utz: await utz.end(), classic: await classic.end(), errors: await errors.end() }, notFinal };
}

/** A test in `utz_tests.json` or `classicut_tests.json`; the order of keys counts. @param test one with a verdict */
export function testEntry(
  { uuid, listing, verdict }: Pick<InventoryTest, 'uuid' | 'listing' | 'verdict'>,
  workspaces: ReadonlyMap<string, WorkspaceRecord>,
): object {
  const type = verdict === null ? undefined : testTypeOf(verdict.category);
  return {
    test_uuid: uuid,
    workspace_uuid: listing.workspace,
    workspace_name: workspaces.get(listing.workspace)?.name ?? 'Unknown',
    ...(type === undefined ? {} : { test_type: type }),
  };
}

/** An error in `errors.json`; the order of keys counts, and `at` is ISO 8601 in UTC. */
export function errorEntry({ status, status_code, type, error, body, attempts, at }: ErrorRecord): object {
  return { status, status_code, type, error, body: body ?? null, attempts, at: new Date(at).toISOString() };
}

/** Writes a JSON array or object in pieces, with the bytes of `JSON.stringify(value, null, 2)`. */
export class JsonWriter {
  readonly #sink: Sink;
  readonly #brackets: '[]' | '{}';
  #count = 0;

  constructor(sink: Sink, brackets: '[]' | '{}') {
    this.#sink = sink;
    this.#brackets = brackets;
  }

  /** Adds items to an array. */
  async addItems(items: readonly object[]): Promise<void> {
    await this.#add(JSON.stringify(items, null, 2).slice('['.length, -'\n]'.length), items.length);
  }

  /** Adds members to an object, in this order: an object would sort keys that are numbers. */
  async addMembers(members: readonly (readonly [key: string, value: object])[]): Promise<void> {
    const texts = members.map(([key, value]) =>
      JSON.stringify({ [key]: value }, null, 2).slice('{'.length, -'\n}'.length),
    );
    await this.#add(texts.join(','), members.length);
  }

  async #add(text: string, count: number): Promise<void> {
    if (count === 0) return;
    await this.#sink.write(`${this.#count === 0 ? this.#brackets[0] : ','}${text}`);
    this.#count += count;
  }

  /** @returns the number of items or members */
  async end(): Promise<number> {
    await this.#sink.write(this.#count === 0 ? this.#brackets : `\n${this.#brackets[1]}`);
    return this.#count;
  }
}
