import { loadSettings } from '@inventory/config';
import { type CommandContext, type ExitCode, openAccount, openRuntime } from '@inventory/runtime';
import { Command } from 'commander';
import { enqueueLibrary } from './enqueue-library.ts';
import { checkScheduleOptions, readCron, readTimeZone, type ScheduleOptions, scheduleLibrary } from './schedule.ts';
import { addWorkspaceOptions, checkWorkspaceOptions, type WorkspaceOptions } from './workspaces.ts';

type ProducerOptions = WorkspaceOptions & ScheduleOptions & { readonly yes?: boolean };

/** `npm run producer`. */
export function producerCommand({ signal, end }: CommandContext): Command {
  return addWorkspaceOptions(new Command('producer'))
    .description('Lists workspaces and tests, enqueues the tests that need an outcome, and ends.')
    .option(
      '--schedule <cron>',
      'keep running and rescan on this schedule; "0 2 * * *" is every night at two',
      readCron,
    )
    .option('--time-zone <zone>', "time zone of the schedule; this machine's unless given", readTimeZone)
    .option('--yes', 'classify again, without asking, what damaged state files have lost')
    .action(async (options: ProducerOptions) => end(await producer(options, signal)));
}

async function producer(options: ProducerOptions, signal: AbortSignal): Promise<ExitCode> {
  checkWorkspaceOptions(options);
  checkScheduleOptions(options);
  const settings = loadSettings({ needs: ['credentials'] });
  await using runtime = await openRuntime({ settings, name: 'producer', signal });
  await using account = openAccount(runtime, signal);
  const library = { runtime, account, options, signal, yes: options.yes === true };
  const { schedule: pattern, timeZone } = options;
  if (pattern === undefined) return await enqueueLibrary(library);
  return await scheduleLibrary({ ...library, pattern, timeZone });
}
