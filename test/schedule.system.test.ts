import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { libraryOf, openSystemBench } from './support/system-bench.ts';

const everySecond = ['--schedule', '* * * * * *', '--time-zone', 'Europe/Berlin'];

it('two schedulers, a worker and an exporter find each test once, report each run, and go on when one is killed', async ({
  onTestFinished,
}) => {
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library: libraryOf('survey', 'think-out-loud', 'interaction (qx)', 'classic') },
  });
  const schedulers = [1, 2].map(() => bench.launch('producer', everySecond));
  const [worker, exporter] = [bench.launch('worker'), bench.launch('exporter')];
  await exporter.said(/UTZ total: 3(.|\n)*\[PASS\] Output files exist(.|\n)*Done\. Processing complete\./);
  expect(bench.asked()).toHaveLength(bench.least());

  schedulers[0]?.kill('SIGKILL');
  const [workspace] = bench.sandbox.library.workspaces();
  bench.sandbox.library.addTest({ kind: 'survey', workspaces: [workspace?.uuid ?? ''] });
  await exporter.said(/Surveys: 2 \(this run: 1\)(.|\n)*\[PASS\] No processing errors/);
  for (const program of [schedulers[1], worker, exporter]) {
    program?.kill('SIGTERM');
    expect(await program?.ended).toEndWith({ code: 0 });
  }
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });

  const { stdout } = await bench.launch('cli', ['status', '--json']).ended;
  const { history } = JSON.parse(stdout);
  expect(history).toContainEqual(
    expect.objectContaining({ selected: 1, outcomes: { survey: 1 }, verified: true, finished_at: expect.any(String) }),
  );
});

const everything = ['start', '--schedule', '0 2 1 1 *', '--board'];

it('one process does everything: a run at once, its report, the board; one signal ends it in order', async ({
  onTestFinished,
}) => {
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library: libraryOf('survey', 'classic', 'no-sessions') },
    settings: { BOARD_PORT: '0' },
  });
  const program = bench.launch('cli', everything);
  await program.said(
    /Next run: \d{4}-01-01 02:00:00(.|\n)*Done\. Processing complete\.(.|\n)*\[PASS\] No processing errors/,
  );
  const [, url] = /The board is at (\S+)/.exec(program.stdout()) ?? [];
  const known = async () => {
    const { tests } = (await (await fetch(`${url}/api/summary`)).json()) as { tests: { total: number } };
    return tests.total;
  };
  await expect.poll(known).toBe(3);
  expect(program.stdout()).not.toContain('Start workers');
  expect(await program.stop()).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});

it('a port of the board that is taken ends it with 2 before anything begins', async ({ onTestFinished }) => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: {}, settings: { BOARD_PORT: port } });
  for (const args of [everything, ['start', '--all', '--board']]) {
    const ended = await bench.launch('cli', args).ended;
    expect(ended).toEndWith({ code: 2, stdout: '', stderr: expect.stringContaining(`BOARD_PORT ${port}`) });
  }
  expect(bench.sandbox.requests()).toEqual([]);
});
