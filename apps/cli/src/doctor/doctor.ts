import type { CommandContext } from '@inventory/runtime';
import { Command } from 'commander';
import { type Answer, printAnswer } from '../command.ts';
import { checkClock, checkCredentials, checkNotFound, checkProxies } from './check-api.ts';
import { checkFolder, checkSettings, checkStateDir } from './check-local.ts';
import { checkNotify } from './check-notify.ts';
import { checkQueue } from './check-queue.ts';
import { doctorReport, type Finding } from './doctor-report.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export function doctorCommand({ end }: CommandContext): Command {
  return new Command('doctor')
    .description('Checks settings, clock, credentials, Redis and folders, and says what to do. Prints no secret.')
    .option('--notify', 'send a test notification to NOTIFY_URL, too')
    .option('--json', 'print one JSON object')
    .action(async (options: DoctorOptions & { json?: boolean }) =>
      end(printAnswer(await doctor(undefined, options), options)),
    );
}

interface DoctorOptions {
  readonly notify?: boolean;
}

/** Checks everything that a run needs; changes nothing. @param env the environment; that of this process by default */
export async function doctor(env?: Environment, { notify = false }: DoctorOptions = {}): Promise<Answer> {
  return doctorReport(await findAll(env, notify));
}

async function findAll(env: Environment | undefined, notify: boolean): Promise<Finding[]> {
  const { settings, credentials, findings } = checkSettings(env);
  if (settings === null) return [...findings];
  const dataDir = await checkFolder('DATA_DIR', settings.dataDir);
  const embeddedRedisFails = dataDir.level === 'FAIL' && settings.redisUrl === '';
  const [clock, account, stateDir, queue, notified] = await Promise.all([
    checkClock(settings),
    credentials ? checkCredentials(settings) : null,
    checkStateDir(settings),
    embeddedRedisFails ? [] : checkQueue(settings),
    notify ? checkNotify(settings) : null,
  ]);
  return [
    ...findings,
    ...checkProxies(settings),
    checkNotFound(settings),
    clock,
    ...(account === null ? [] : [account]),
    ...queue,
    ...stateDir,
    dataDir,
    ...(notified === null ? [] : [notified]),
  ];
}
