import type { Checkpoints, InventoryTest } from '@inventory/checkpoints';
import { platformOf } from '@inventory/classification';
import { item, JsonContainer, member } from '../json-container.ts';
import { errorEntry } from './error-entry.ts';
import { testEntry } from './test-entry.ts';

/** How many records each state file holds. */
export interface StateCounts {
  readonly utz: number;
  readonly classic: number;
  readonly errors: number;
}

/** Where text goes; done when it has been taken. */
interface Sink {
  write(text: string): Promise<void>;
}

/** Writes the contents of the three files in one pass over the checkpoints, page by page. */
export async function writeContents(
  checkpoints: Checkpoints,
  sinks: { readonly utz: Sink; readonly classic: Sink; readonly errors: Sink },
): Promise<StateCounts> {
  const workspaces = await checkpoints.listing.workspaces();
  const utz = listOf(sinks.utz);
  const classic = listOf(sinks.classic);
  for await (const page of checkpoints.inventory.pages()) {
    const entries = (wanted: 'UTZ' | 'ClassicUT'): string[] =>
      page.filter((test) => platform(test) === wanted).map((test) => item(testEntry(test, workspaces)));
    await utz.add(entries('UTZ'));
    await classic.add(entries('ClassicUT'));
  }
  return { utz: await utz.end(), classic: await classic.end(), errors: await writeErrors(checkpoints, sinks.errors) };
}

/** Null for a test without a verdict, which is in no list file. */
function platform({ verdict }: InventoryTest): 'UTZ' | 'ClassicUT' | null {
  return verdict === null ? null : platformOf(verdict.category);
}

function listOf(sink: Sink): { add(entries: string[]): Promise<void>; end(): Promise<number> } {
  const json = new JsonContainer('[]');
  let count = 0;
  return {
    async add(entries) {
      count += entries.length;
      await sink.write(json.add(entries));
    },
    async end() {
      await sink.write(json.end());
      return count;
    },
  };
}

async function writeErrors({ inventory }: Checkpoints, sink: Sink): Promise<number> {
  const json = new JsonContainer('{}');
  let count = 0;
  for await (const portion of inventory.errors()) {
    count += portion.length;
    await sink.write(json.add(portion.map(([key, error]) => member(key, errorEntry(error)))));
  }
  await sink.write(json.end());
  return count;
}
