import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from './support/temporary-folder.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/deploy.md'), 'utf8');

it.skipIf(!existsSync('/usr/bin/systemd-analyze'))('systemd accepts the unit of docs/deploy.md', async () => {
  const [, unit = ''] = /```ini\n([\s\S]*?)```/.exec(page) ?? [];
  const file = join(await temporaryFolder((work) => onTestFinished(work)), 'usertesting-inventory.service');
  // It names the installed command, which this machine does not have.
  await writeFile(file, unit.replace(/^ExecStart=usertesting-inventory /m, `ExecStart=${process.execPath} `));
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
  expect([stderr, status]).toEqual(['', 0]);
  const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', file], { encoding: 'utf8' });
  expect(stdout).toMatch(/exposure level .*: [01]\.\d OK/);
});
