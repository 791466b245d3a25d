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
    const ask = async (path: string) => JSON.parse((await api(`/usertesting/api/v1/workspaces${path}`)).body);
    const list = async ({ uuid: workspace_uuid, name: workspace_name }: Record<'uuid' | 'name', string>) => {
      let page: Page = await ask(`/${workspace_uuid}`);
      for (let last = page.studies.at(-1); last !== undefined; last = page.studies.at(-1)) {
        const next: Promise<Page> = ask(`/${workspace_uuid}?after=${encodeURIComponent(last.cursor)}`);
        for (const { uuid: test_uuid, type, productType } of page.studies) {
          const { category } = declaredCategory({ type, productType }) ?? {};
          if (category === undefined) continue;
          const test_type = testTypeOf(category);
          lists[platformOf(category)].push({ test_uuid, workspace_uuid, workspace_name, test_type });
        }
        page = await next;
      }
    };
    await Promise.all((await ask('')).map(list));
    for (const [name, items] of Object.entries(lists))
      await writeFile(join(folder, `floor-${name}.json`), JSON.stringify(items, null, 2));
  });
  return { ms, tests: lists.UTZ.length + lists.ClassicUT.length };
}
