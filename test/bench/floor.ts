import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { declaredCategory, platformOf, testTypeOf } from '@inventory/classification';
import { accessTokenOf } from './api.ts';
import { timed } from './measure.ts';
import type { SandboxProcess } from './sandbox-process.ts';

interface Page {
  readonly studies: readonly {
    readonly uuid: string;
    readonly cursor: string;
    readonly type?: string;
    readonly productType?: string;
  }[];
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
    const headers = { authorization: `Bearer ${await accessTokenOf(sandbox.settings)}` };
    const ask = async <Answer>(path: string): Promise<Answer> => {
      const url = `${sandbox.settings['API_BASE_URL']}/usertesting/api/v1/workspaces${path}`;
      return (await fetch(url, { headers })).json() as Promise<Answer>;
    };
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
