import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { environmentWith } from '@inventory/config';
import { expect, inject, it, onTestFinished } from 'vitest';
import { openTestAccount } from '../support/account.ts';
import { runProgram, startProgram } from '../support/program.ts';

/** What npm gives to a script that it runs, with one option that it has kept for itself. */
const asOfNpm = (script: string, option: string, value = 'true') => ({
  npm_lifecycle_event: script,
  [`npm_config_${option}`]: value,
});

it('npm run reclassify --dry-run -- … changes nothing and says how to write it', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const args = ['run', '--silent', 'reclassify', '--dry-run', '--', '--rules', 'media-matrix'];
  const { status, stderr } = spawnSync('npm', args, { cwd: root, env: environmentWith({}), encoding: 'utf8' });
  expect(stderr).toContain('npm run reclassify -- --dry-run --rules media-matrix');
  expect(status).toBe(2);
});

it.each([
  ['cli', ['start'], 'workspace_uuid', 'npm start -- --workspace <name...>'],
  ['cli', ['forget', 'a'], 'all', 'npm run forget -- --all a'],
  ['cli', ['audit', '9'], 'sample', 'npm run audit -- --sample 9'],
  ['cli', ['token'], 'force', 'npm run token -- --force'],
  ['cli', ['status'], 'run', 'npm run status -- --run <id>'],
  ['producer', [], 'all', 'npm run producer -- --all'],
  ['sandbox', [], 'errors', 'npm run sandbox -- --errors'],
  ['exporter', ['csv'], 'format', 'npm run exporter -- --format csv'],
] as const)('%s %j with the option %s before the -- ends with 2', async (app, args, option, line) => {
  const script = app === 'cli' ? args[0] : app;
  const ended = await runProgram(app, args, asOfNpm(script, option));
  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(line) });
});

it('a file that ENV_FILE names and that is not there ends with 2, before anything is done', async () => {
  const ended = await runProgram('cli', ['forget', '--all', '--yes'], { ENV_FILE: '/nowhere/.env.brand-q' });
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('ENV_FILE names /nowhere/.env.brand-q') });
});

it('plain http to another machine ends with 2, before the credentials are sent', async () => {
  const settings = { CLIENT_ID: 'c', CLIENT_SECRET: 's', TOKEN_URL: 'http://192.0.2.1/token' };
  const ended = await runProgram('cli', ['token'], settings);
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('TOKEN_URL is plain http to 192.0.2.1') });
});

it.each([
  ['cli', ['start', '--all']],
  ['cli', ['plan', '--workspace-uuid', 'a']],
  ['producer', []],
] as const)('%s %j with credentials that see no workspace says so and ends with 1', async (app, args) => {
  const account = await openTestAccount({ library: { workspaces: [], tests: [] } }, inject('redisUrl'));
  onTestFinished(() => account.close());
  const ended = await runProgram(app, args, account.settings);
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('see no workspace') });
});

it('a second start joins the run of the living one and says so; SIGTERM ends both', async () => {
  const library = { seed: 3, tests: 60, workspaces: 1 };
  const account = await openTestAccount({ library }, inject('redisUrl'), { REQUEST_INTERVAL_MS: '500' });
  onTestFinished(() => account.close());
  const first = startProgram('cli', ['start', '--all'], account.settings);
  onTestFinished(() => first.kill('SIGKILL'));
  await first.said('/60]');
  const second = startProgram('cli', ['start', '--all'], account.settings);
  onTestFinished(() => second.kill('SIGKILL'));
  await second.said(`Joining the run of ${hostname()}, process ${first.pid}.`);
  for (const program of [first, second]) program.kill('SIGTERM');
  for (const program of [first, second])
    expect(await program.ended).toMatchObject({
      code: 130,
      stdout: expect.stringContaining('Interrupted. Everything'),
    });
  const third = startProgram('cli', ['start', '--all'], account.settings);
  onTestFinished(() => third.kill('SIGKILL'));
  await third.said('Resuming the interrupted run.');
});
