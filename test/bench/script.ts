import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { testTypeOf } from '@inventory/classification';
import { type Ask, askAll, openApi } from './api.ts';
import type { SandboxProcess } from './sandbox-process.ts';

interface Item {
  readonly test_uuid: string;
  readonly workspace_uuid: string;
  readonly workspace_name: string;
  test_type?: string;
}

/**
 * The tutorial's way: one request after the other, a whole interval of sleep after each answer, and the lists written
 * anew for each test.
 * @param folder for its lists; without one nothing is kept
 */
export async function runScript(sandbox: SandboxProcess, intervalMs: number, folder?: string): Promise<void> {
  const ask = await openApi(sandbox.settings);
  const paced: Ask = async (path) => {
    const answer = await ask(path);
    if (intervalMs > 0) await sleep(intervalMs);
    return answer;
  };
  for (const { uuid, workspaces } of await sandbox.library()) {
    const category = await askAll(paced, uuid);
    if (folder === undefined) continue;
    const path = join(folder, category === 'ClassicUT' ? 'classicut_tests.json' : 'utz_tests.json');
    const item: Item = { test_uuid: uuid, workspace_uuid: workspaces.at(-1) ?? '', workspace_name: 'Workspace' };
    await changeList(path, (items) => [...items, item]);
    const type = testTypeOf(category);
    if (type === undefined) continue;
    await changeList(path, (items) => {
      const found = items.find(({ test_uuid }) => test_uuid === uuid);
      if (found) found.test_type = type;
      return items;
    });
  }
}

/** The tutorial's way of keeping results: each change reads a list, searches it, and writes all of it again. */
async function changeList(path: string, change: (items: Item[]) => Item[]): Promise<void> {
  const items = change(JSON.parse(await readFile(path, 'utf8').catch(() => '[]')));
  const seen = new Set<string>();
  const once = items.filter(({ test_uuid }) => !seen.has(test_uuid) && seen.add(test_uuid));
  await writeFile(path, JSON.stringify(once, null, 2));
}
