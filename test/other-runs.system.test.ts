import { expect, it, onTestFinished } from 'vitest';
import { openSystemBench } from './support/system-bench.ts';

it('an error of another run, whose test is in flight when a run ends, counts for its exit code and verification', async () => {
  const [one, two] = ['00000001-0000-4000-8000-000000000000', '00000002-0000-4000-8000-000000000000'] as const;
  const hanging = '0000000a-0000-4000-8000-000000000000';
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: {
      library: {
        workspaces: [
          { uuid: one, name: 'One' },
          { uuid: two, name: 'Two' },
        ],
        tests: [
          { kind: 'classic', workspaces: [one] },
          { kind: 'survey', uuid: hanging, workspaces: [two] },
        ],
      },
    },
    settings: { STEP_RETRIES: '0', REQUEST_TIMEOUT_MS: '3000' },
  });
  bench.sandbox.faults.add({ kind: 'hang', testUuid: hanging });
  await bench.launch('producer', ['--workspace-uuid', two]).ended;
  const ended = await bench.launch('cli', ['start', '--workspace-uuid', one]).ended;
  expect((await bench.files()).errors).toHaveProperty(hanging);
  expect(ended.stdout).toContain('[WARN] errors.json contains 1 record(s)');
  expect(ended).toEndWith({ code: 1 });
});
