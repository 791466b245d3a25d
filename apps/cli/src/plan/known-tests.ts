import type { Runtime } from '@inventory/runtime';
import { StateDir } from '@inventory/state-files';
import type { ListedKnown } from './plan-tests.ts';

const batch = 500;

/**
 * What is known about listed tests, in portions: from the checkpoints, or, if there are none, from the state files that
 * the next start would import.
 * @param tests by UUID, whether the listing declares the type
 * @throws StateDirError when the files belong to another prefix or cannot be read
 */
export async function* readKnown(
  { checkpoints, settings }: Runtime,
  tests: ReadonlyMap<string, boolean>,
): AsyncGenerator<readonly ListedKnown[]> {
  if (!(await checkpoints.import.isInUse())) {
    yield* fromStateFiles(new StateDir(settings), tests);
    return;
  }
  for (const portion of portions(tests)) {
    const records = await checkpoints.inventory.records(portion.map(([uuid]) => uuid));
    yield records.map((record, index) => ({
      declared: portion[index]?.[1] === true,
      known: { ...record, failed: record.error !== null },
    }));
  }
}

async function* fromStateFiles(
  stateDir: StateDir,
  tests: ReadonlyMap<string, boolean>,
): AsyncGenerator<readonly ListedKnown[]> {
  const { categories, failed } = await stateDir.known();
  for (const portion of portions(tests)) {
    yield portion.map(([uuid, declared]) => {
      const category = categories.get(uuid);
      const verdict =
        category === undefined ? null : ({ category, rule: 'imported', source: 'imported', at: 0 } as const);
      return {
        declared,
        known: {
          verdict,
          certainty: verdict && 'final',
          evidence: {},
          open: false,
          failed: verdict === null && failed.has(uuid),
        },
      };
    });
  }
}

function* portions<Item>(items: Iterable<Item>): Generator<Item[]> {
  let portion: Item[] = [];
  for (const item of items) {
    portion.push(item);
    if (portion.length < batch) continue;
    yield portion;
    portion = [];
  }
  yield portion;
}
