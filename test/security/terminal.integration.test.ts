import { expect, inject, it, onTestFinished } from 'vitest';
import { openTestAccount, type TestAccount } from '../support/account.ts';
import { onTerminal } from '../support/on-terminal.ts';
import { runProgram } from '../support/program.ts';

/** A title that sets the terminal's title, clears it (in 7 and 8 bits), turns the direction, and forges lines. */
const hostile = 'a\u001b]0;evil\u0007b\u009b2Jc\u202ed\u2028e\n[WARN] forged\r[INFO] forged';
const harmless = 'a ]0;evil b 2Jcd e [WARN] forged [INFO] forged';
const steering = ['\u001b]0;', '\u0007', '\u009b', '\u202e', '\u2028', '\n[WARN] forged', '\r[INFO] forged'];
/** What of it is in a text. */
const steeringIn = (text: string) => steering.filter((part) => text.includes(part));

async function hostileAccount(): Promise<TestAccount> {
  const workspaces = [
    { uuid: '00000001-0000-4000-8000-000000000000', name: hostile },
    { uuid: '00000002-0000-4000-8000-000000000000', name: 'Two' },
  ];
  const tests = workspaces.map(({ uuid }) => ({ kind: 'classic' as const, title: hostile, workspaces: [uuid] }));
  const account = await openTestAccount({ library: { workspaces, tests } }, inject('redisUrl'));
  onTestFinished(() => account.close());
  return account;
}

it('names of workspaces cannot steer the terminal of the prompt', async () => {
  const got = await onTerminal('producer', await hostileAccount(), { keys: '2\r' });
  expect(got).toContain(`(${harmless})`);
  expect(got).toContain('1 test enqueued');
  expect(steeringIn(got)).toEqual([]);
});

it('names and titles cannot steer the terminal of warnings, errors and tables; a table in a pipe is exact', async () => {
  const account = await hostileAccount();
  account.sandbox.faults.add({
    kind: 'status',
    status: 404,
    endpoint: 'listing',
    workspaceUuid: '00000001-0000-4000-8000-000000000000',
  });
  const started = await runProgram('cli', ['start', '--all'], account.settings);
  expect(started.stdout).toContain(`(${harmless}) could not be listed`);
  const again = await runProgram('producer', ['--all'], account.settings);
  const unknown = await runProgram('cli', ['start', '--workspace-uuid', 'x\u009b2J'], account.settings);
  for (const { stdout, stderr } of [started, again, unknown]) expect(steeringIn(stdout + stderr)).toEqual([]);
  expect(unknown.stderr).toContain('not found: x 2J');
  for (const format of ['csv', 'ndjson'])
    expect(steeringIn(await onTerminal(`exporter --once --format ${format}`, account))).toEqual([]);
  const { stdout } = await runProgram('exporter', ['--once', '--format', 'csv'], account.settings);
  expect(stdout).toContain(hostile);
});
