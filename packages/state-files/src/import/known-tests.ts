import type { Category } from '@inventory/classification';
import { readStateFiles } from './read-state-files.ts';

/** What state files know. */
export interface KnownTests {
  /** Test UUID → category. */
  readonly categories: ReadonlyMap<string, Category>;
  /** Keys of the errors: test UUIDs and `workspace:UUID`. */
  readonly failed: ReadonlySet<string>;
}

/** What an import of the state files would take over; changes nothing. @throws StateDirError when they cannot be read. */
export async function knownTests(stateDir: string): Promise<KnownTests> {
  const categories = new Map<string, Category>();
  const failed = new Set<string>();
  await readStateFiles(stateDir, {
    tests: ({ tests }) => {
      for (const { uuid, category } of tests) categories.set(uuid, category);
    },
    errors: ({ entries }) => {
      for (const { key } of entries) failed.add(key);
    },
  });
  return { categories, failed };
}
