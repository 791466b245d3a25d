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
