import { loadSettings } from '@inventory/config';
import { type ExitCode, openAccount, openRuntime, runProcess } from '@inventory/runtime';
import { Command } from 'commander';
import { checkWorkspaceOptions, type WorkspaceOptions } from './choose-workspaces.ts';
import { enqueueLibrary } from './enqueue-library.ts';
import { scheduleLibrary } from './schedule-library.ts';
import { checkScheduleOptions, readCron, readTimeZone, type ScheduleOptions } from './schedule-options.ts';

type ProducerOptions = WorkspaceOptions & ScheduleOptions;

await runProcess((signal, end) =>
  new Command('npm run producer')
    .usage('-- [options]')
    .description('Discovers workspaces and tests, and enqueues the tests that need an outcome; then it ends.')
    .option('--all', 'take all workspaces, without asking')
    .option('--workspace-uuid <uuid...>', 'take these workspaces')
    .option('--schedule <cron>', 'stay, and do so at these times; "0 2 * * *" is every night at two', readCron)
    .option('--time-zone <zone>', "what the schedule's times mean; this machine's zone without it", readTimeZone)
    .addHelpText('after', '\nExample: npm run producer -- --all --schedule "0 2 * * *"')
    .action(async (options: ProducerOptions) => end(await producer(options, signal))),
);

async function producer(options: ProducerOptions, signal: AbortSignal): Promise<ExitCode> {
  checkWorkspaceOptions(options);
  checkScheduleOptions(options);
  const settings = loadSettings({ needs: ['credentials'] });
  const runtime = await openRuntime({ settings, name: 'producer', signal });
  const account = openAccount(runtime, signal);
  const { schedule: pattern, timeZone = null } = options;
  try {
    if (pattern === undefined) return await enqueueLibrary({ runtime, account, options, signal });
    return await scheduleLibrary({ runtime, account, options, pattern, timeZone, signal });
  } finally {
    await account.close();
    await runtime.close();
  }
}
