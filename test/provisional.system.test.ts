import type { TestData } from '@inventory/sandbox';
import { expect, it, onTestFinished } from 'vitest';
import { openSystemBench } from './support/system-bench.ts';

const hour = 3_600_000;
const ago = (hours: number): string => new Date(Date.now() - hours * hour).toISOString();

async function open(...tests: TestData[]) {
  return openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library: { workspaces: [{ name: 'W' }], tests } },
    settings: { REQUEST_INTERVAL_MS: '10' },
  });
}

it('a verdict on absent media of a fresh session is marked, and asked about once more when its day is over', async () => {
  const bench = await open(
    { kind: 'survey', finishTime: ago(2) },
    { kind: 'survey', finishTime: ago(30) },
    { kind: 'interaction (video)', finishTime: ago(2) },
    { kind: 'think-out-loud', finishTime: 'missing' },
  );
  const [fresh, , , unknown] = bench.tests;
  expect(await bench.start()).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  const provisional = () => bench.redis.zrange(`${bench.prefix}:provisional`, '0', '-1');
  expect((await provisional()).sort()).toEqual([fresh?.uuid, unknown?.uuid].sort());
  const explained = await bench.launch('cli', ['explain', fresh?.uuid ?? '']).ended;
  expect(explained.stdout).toMatch(/provisional/);

  // Before its day is over, nothing is asked.
  const asked = bench.asked().length;
  expect(await bench.start()).toEndWith({ code: 0 });
  expect(bench.asked()).toHaveLength(asked);

  // The day is over, and a recording is there by now.
  await timePasses(bench, 25 * hour);
  bench.sandbox.library.changeTest(fresh?.uuid ?? '', { kind: 'interaction (video)' });
  expect(await bench.start()).toEndWith({ code: 0 });
  const { utz } = await bench.files();
  expect(utz.find(({ test_uuid: uuid }) => uuid === fresh?.uuid)).toMatchObject({ test_type: 'interaction test' });
  const again = bench
    .asked()
    .slice(asked)
    .map(({ endpoint, testUuid }) => [testUuid, endpoint]);
  expect(again).toEqual(
    expect.arrayContaining([
      [fresh?.uuid, 'videoDownloadUrl'],
      [unknown?.uuid, 'videoDownloadUrl'],
      [unknown?.uuid, 'qxScores'],
    ]),
  );
  expect(again).toHaveLength(3);
  expect(await provisional()).toEqual([]);

  // Once, not for ever.
  await timePasses(bench, 25 * hour);
  expect(await bench.start()).toEndWith({ code: 0 });
  expect(bench.asked()).toHaveLength(asked + 3);
});

/** What Redis keeps of verdicts and answers was written so much earlier. */
async function timePasses({ redis, prefix }: Awaited<ReturnType<typeof open>>, ms: number): Promise<void> {
  for (const hash of ['verdicts', 'evidence']) {
    for (const [uuid, text] of Object.entries(await redis.hgetall(`${prefix}:${hash}`))) {
      const earlier = text.replaceAll(
        /"(at|finishedAt|again|provisionalUntil)":(\d+)/g,
        (_, name, at) => `"${name}":${Number(at) - ms}`,
      );
      await redis.hset(`${prefix}:${hash}`, uuid, earlier);
    }
  }
}
