import { access, readFile, watch, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { checkFolder } from './check-local.ts';

it('leaves nothing behind where there was no folder', async () => {
  const folder = await temporaryFolder(onTestFinished);
  expect(await checkFolder('DATA_DIR', join(folder, 'a', 'b'))).toMatchObject({ level: 'PASS' });
  await expect(access(join(folder, 'a'))).rejects.toMatchObject({ code: 'ENOENT' });
});

it('never removes what another process puts into the folder meanwhile', async () => {
  const folder = await temporaryFolder(onTestFinished);
  const data = join(folder, 'data');
  const stop = new AbortController();
  const watching = watch(folder, { signal: stop.signal });
  let written = false;
  const using = (async () => {
    for await (const _ of watching) {
      written = await writeFile(join(data, 'appendonly.aof'), 'a queue').then(
        () => true,
        () => false,
      );
      if (written) return;
    }
  })().catch(() => undefined);
  while (!written) {
    await checkFolder('DATA_DIR', data);
    await sleep(1);
  }
  stop.abort();
  await using;
  expect(await readFile(join(data, 'appendonly.aof'), 'utf8')).toBe('a queue');
});
