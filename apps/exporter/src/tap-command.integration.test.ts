import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoints } from '@inventory/checkpoints';
import { beforeEach, expect, inject, it, onTestFinished } from 'vitest';
import { addTests, checkpointsInUse, testUuid } from '../../../test/support/checkpoints.ts';
import { runProgram } from '../../../test/support/program.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';

let checkpoints: Checkpoints;
let folder: string;
let file: (name: string, contents: unknown) => Promise<string>;

beforeEach(async () => {
  checkpoints = await checkpointsInUse(inject('redisUrl'), onTestFinished);
  folder = await temporaryFolder(onTestFinished);
  file = async (name, contents) => {
    const path = join(folder, name);
    await writeFile(path, typeof contents === 'string' ? contents : JSON.stringify(contents));
    return path;
  };
});

const tap = (...args: readonly string[]) =>
  runProgram('cli', ['tap', ...args], { STATE_DIR: folder, DATA_DIR: folder, ENV_FILE: 'none' });

it('stdout has Singer messages and nothing else; with the last state only what has changed comes', async () => {
  await addTests(checkpoints, 300);
  const config = await file('config.json', { redis_url: inject('redisUrl'), queue_prefix: checkpoints.prefix });
  const catalog = await file('catalog.json', (await tap('--config', config, '--discover')).stdout);
  const messagesOf = (stdout: string) =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));

  const first = await tap('-c', config, '--catalog', catalog, '--state', await file('state.json', ''));
  expect(first).toEndWith({ code: 0 });
  const messages = messagesOf(first.stdout);
  expect(messages.map(({ type }) => type)).toEqual(['SCHEMA', ...Array(300).fill('RECORD'), 'STATE']);
  expect(messages[1]).toMatchObject({ stream: 'usertesting_tests', record: { test_uuid: testUuid(0) } });

  const state = await file('state.json', messages.at(-1).value);
  await addTests(checkpoints, 1, { from: 300 });
  const second = messagesOf((await tap('-c', config, '--state', state)).stdout);
  const sent = second.filter(({ type }) => type === 'RECORD').map(({ record }) => record.test_uuid);
  expect(sent).toContain(testUuid(300));
  expect(sent.length).toBeLessThan(10);
});

it('says which file it cannot use, and why, on stderr', async () => {
  const cases = [
    [['--config', await file('a.json', '{"no_such": "x"}')], 'NO_SUCH is no setting'],
    [['--state', 'not-yet.json'], /--state: there is no file not-yet\.json\. .* touch not-yet\.json\n/],
    [['--catalog', await file('c.json', '{"stre')], /--catalog .*c\.json cannot be used: /],
  ] as const;
  for (const [args, message] of cases) {
    const text = typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message);
    expect(await tap(...args)).toEndWith({ code: 2, stdout: '', stderr: text });
  }
});
