import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { declaredCategory, platformOf, testTypeOf } from '@inventory/classification';
import { openApi } from './api.ts';
import { timed } from './measure.ts';
import type { SandboxProcess } from './sandbox-process.ts';

/** A page of a listing: of each test, what is read of it. */
interface Page {
  readonly studies: readonly Readonly<Record<'uuid' | 'cursor' | 'type' | 'productType', string>>[];
}

interface Workspace {
  readonly uuid: string;
  readonly name: string;
}

/**
 * The least that any program does with a library whose listing says all types: fetches every page, workspaces side by
 * side, and writes the types down in the end. No Redis, no checks, nothing to continue from.
 * @param folder for its two lists
 * @returns how long it takes without the start of a process, ms, and how many tests it has seen
 */
export async function runFloor(sandbox: SandboxProcess, folder: string): Promise<{ ms: number; tests: number }> {
  const lists = { UTZ: [] as object[], ClassicUT: [] as object[] };
  const ms = await timed(async () => {
    const api = await openApi(sandbox.settings);
    const ask = async <Answer>(path: string): Promise<Answer> =>
      JSON.parse((await api(`/usertesting/api/v1/workspaces${path}`)).body);
    const list = async (workspace: Workspace): Promise<void> => {
      let { studies } = await ask<Page>(`/${workspace.uuid}`);
      for (let last = studies.at(-1); last !== undefined; last = studies.at(-1)) {
        const next = ask<Page>(`/${workspace.uuid}?after=${encodeURIComponent(last.cursor)}`);
        for (const { uuid, type, productType } of studies) {
          const declared = declaredCategory({ type, productType });
          if (declared === null) continue;
          const { category } = declared;
          const place = { test_uuid: uuid, workspace_uuid: workspace.uuid, workspace_name: workspace.name };
          lists[platformOf(category)].push({ ...place, test_type: testTypeOf(category) });
        }
        studies = (await next).studies;
      }
    };
    await Promise.all((await ask<Workspace[]>('')).map(list));
    for (const [name, items] of Object.entries(lists))
      await writeFile(join(folder, `floor-${name}.json`), JSON.stringify(items, null, 2));
  });
  return { ms, tests: lists.UTZ.length + lists.ClassicUT.length };
}
