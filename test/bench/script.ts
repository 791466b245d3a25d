import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { testTypeOf } from '@inventory/classification';
import { type Ask, askAll, openApi } from './api.ts';
import type { SandboxProcess } from './sandbox-process.ts';

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
    const item = { test_uuid: uuid, workspace_uuid: workspaces.at(-1) ?? '', workspace_name: 'Workspace' };
    await change(path, item);
    const test_type = testTypeOf(category);
    if (test_type !== undefined) await change(path, { ...item, test_type });
  }
}

/** The tutorial's way of keeping results: each change reads a list, searches it, and writes all of it again. */
async function change(path: string, item: Readonly<Record<string, string>>): Promise<void> {
  const items: (typeof item)[] = JSON.parse(await readFile(path, 'utf8').catch(() => '[]'));
  const known = new Map(items.map((each) => [each['test_uuid'], each]));
  await writeFile(path, JSON.stringify([...known.set(item['test_uuid'], item).values()], null, 2));
}
