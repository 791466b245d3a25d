import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Checkpoints } from '@inventory/checkpoints';
import { beforeEach, expect, inject, it, onTestFinished } from 'vitest';
import { checkpointsInUse } from './support/checkpoints.ts';
import { until } from './support/until.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const survey = { category: 'survey', rule: 'declared-STUDYV2-SURVEY', source: 'declared' } as const;

let checkpoints: Checkpoints;
let page: string;

beforeEach(async () => {
  checkpoints = await checkpointsInUse(inject('redisUrl'), onTestFinished);
  page = await readFile(new URL('../docs/change-feed.md', import.meta.url), 'utf8');
});

/** Has tests decided by a listing. */
async function decide(...uuids: readonly string[]): Promise<void> {
  const { id: run, joinedAt } = await checkpoints.runs.start('all');
  const tests = uuids.map((uuid) => ({ uuid, listing: {}, declared: survey }));
  await checkpoints.listing.savePage({ run, joinedAt, workspace: 'w', position: 0, probe: true, tests });
}

/** The commands for the stream, for the prefix of this test. */
function commands(): string[] {
  const [, code = ''] = /## The stream of verdicts[\s\S]*?```bash\n([\s\S]*?)```/.exec(page) ?? [];
  return code.replaceAll('{classify}', checkpoints.prefix).split('\n');
}

it('the command on the page shows the last verdicts, the latest first', async () => {
  await decide('a', 'b');
  const [line = ''] = commands();
  const words = [...line.matchAll(/'([^']*)'|"[^"]*"|\S+/g)].map(([word, quoted]) => quoted ?? word).slice(3);
  const [command = '', ...args] = words;
  const verdict = expect.stringMatching(/^\{.*"category":"survey".*\}$/);
  expect(await checkpoints.client.call(command, ...args)).toEqual([
    [expect.stringMatching(/^\d+-\d+$/), ['test', 'b', 'verdict', verdict]],
    [expect.stringMatching(/^\d+-\d+$/), ['test', 'a', 'verdict', verdict]],
  ]);
});

it('the example takes what was there, what comes, and after its death what it had not acknowledged', async () => {
  await decide('a');
  const first = startConsumer();
  await first.says('a new survey: a (declared)');
  await decide('b');
  await first.says('a new survey: b (declared)');
  await first.kill();
  await decide('c');
  const stream = `${checkpoints.prefix}:decided`;
  await checkpoints.client.xreadgroup('GROUP', 'pipeline', 'pipeline-1', 'STREAMS', stream, '>');
  const second = startConsumer();
  await second.says('a new survey: c (declared)');
  expect(second.said()).not.toMatch(/survey: [ab]/);
});

function startConsumer() {
  const child = spawn(process.execPath, ['examples/consume-feed.mjs'], {
    cwd: root,
    env: { ...process.env, REDIS_URL: inject('redisUrl'), FEED: `${checkpoints.prefix}:decided` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  const ended = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  return {
    says: (line: string) => until(`the consumer says: ${line}`, () => text.includes(line)),
    said: () => text,
    kill,
  };
}

it('the stream is trimmed to the last 100,000 verdicts, and emptied when everything is forgotten', async () => {
  const { client, prefix } = checkpoints;
  const stream = `${prefix}:decided`;
  for (let portion = 0; portion < 21; portion += 1) {
    const pipeline = client.pipeline();
    for (let index = 0; index < 5_000; index += 1) pipeline.xadd(stream, '*', 'test', 'old', 'verdict', '{}');
    await pipeline.exec();
  }
  await decide('new');
  const left = await client.xlen(stream);
  expect(left).toBeGreaterThanOrEqual(100_000);
  // Redis removes whole nodes of a hundred entries.
  expect(left).toBeLessThan(100_100);
  expect((await client.xrevrange(stream, '+', '-', 'COUNT', 1))[0]?.[1]).toContain('new');
  await checkpoints.known.forgetAll();
  expect(await client.xlen(stream)).toBe(0);
});
