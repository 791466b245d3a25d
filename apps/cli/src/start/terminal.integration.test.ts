import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { environmentWith } from '@inventory/config';
import { expect, inject, it, onTestFinished } from 'vitest';
import { openTestAccount } from '../../../../test/support/account.ts';
import { mainProgram, onTerminal } from '../../../../test/support/on-terminal.ts';
import { isRunning } from '../../../../test/support/program.ts';
import { until } from '../../../../test/support/until.ts';

const columns = 80;

it('a terminal that goes interrupts a run', async () => {
  const account = await openTestAccount({ library: { tests: 60 } }, inject('redisUrl'), { REQUEST_INTERVAL_MS: '500' });
  onTestFinished(() => account.close());
  const file = join(dirname(account.stateDir), 'said');
  const said = (text: string) => until(text, () => existsSync(file) && readFileSync(file, 'utf8').includes(text));
  const command = `echo $$ > ${file}; exec ${process.execPath} ${mainProgram} start --all >> ${file}`;
  const terminal = spawn('script', ['-qec', command, '/dev/null'], { env: environmentWith(account.settings) });
  await said('/60]');
  terminal.kill('SIGKILL');
  await said('Interrupted. Everything so far is kept');
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  await until('it has ended', () => !isRunning(pid));
});

it('on a terminal a message of an error is broken between words', async () => {
  const account = await openTestAccount({ library: { tests: 0 } }, inject('redisUrl'));
  onTestFinished(() => account.close());
  const got = await onTerminal('exporter --to mysql://somewhere/research', account, { columns: 60 });
  const lines = got.trimEnd().split('\r\n');
  expect(lines.join(' ')).toBe(
    '--to needs the address of a PostgreSQL: postgres://USER@HOST:5432/DATABASE (the password in PGPASSWORD or ~/.pgpass).',
  );
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(60);
});

it('on a terminal start says from the first second what it does, in lines that fit, and where to look next', async () => {
  const library = { tests: 12, workspaces: 2, mix: { survey: 1 } };
  const account = await openTestAccount({ library, latency: 50 }, inject('redisUrl'), {
    LOG_LEVEL: 'info',
    LOG_FORMAT: '',
  });
  onTestFinished(() => account.close());
  const uuid = [...account.sandbox.library.tests()][5]?.uuid ?? '';
  account.sandbox.faults.add({ kind: 'status', status: 403, endpoint: 'results', testUuid: uuid });
  const got = await onTerminal('start --all', account, { columns });
  // Texts between moves of the cursor.
  const texts = stripVTControlCharacters(got.replaceAll('\u001b[', '\n\u001b[')).split(/[\r\n]/);
  expect(texts.filter((text) => text.length > columns)).toEqual([]);
  const shown = texts.join('\n');
  expect(shown).toMatch(/[⠇-⠿] Opening Redis\n/);
  expect(shown).toMatch(/ \d+\/12 tests {2}.*\d+ s left \(ends about [\d:]+\), ~\d+ requests to go\n/);
  expect(shown).toMatch(/[⠇-⠿] \d+ requests, \d errors?, no 429, now in (Checkout|Mobile app)\n/);
  expect(shown).toMatch(/Look next +npm run board: the inventory in the browser\n/);
  expect(shown).toContain('npm run retry: asks again for 1 test with an error');
  expect(shown).not.toContain('token');
});
