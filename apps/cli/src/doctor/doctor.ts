import type { CommandContext } from '@inventory/runtime';
import { Command } from 'commander';
import { type Answer, printAnswer } from '../command.ts';
import { checkClock, checkCredentials, checkNotFound, checkProxies } from './check-api.ts';
import { checkFolder, checkSettings, checkStateDir } from './check-local.ts';
import { checkQueue } from './check-queue.ts';
import { doctorReport, type Finding } from './doctor-report.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `npm run doctor`. */
export function doctorCommand({ end }: CommandContext): Command {
  return new Command('doctor')
    .description('Checks settings, clock, credentials, Redis and folders, and says what to do. Prints no secret.')
    .option('--json', 'print one JSON object')
    .action(async (options: { json?: boolean }) => end(printAnswer(await doctor(), options)));
}

/** Checks everything that a run needs; changes nothing. @param env the environment; that of this process by default */
export async function doctor(env?: Environment): Promise<Answer> {
  return doctorReport(await findAll(env));
}

async function findAll(env?: Environment): Promise<Finding[]> {
  const { settings, credentials, findings } = checkSettings(env);
  if (settings === null) return [...findings];
  const dataDir = await checkFolder('DATA_DIR', settings.dataDir);
  const embeddedRedisFails = dataDir.level === 'FAIL' && settings.redisUrl === '';
  const [clock, account, stateDir, queue] = await Promise.all([
    checkClock(settings),
    credentials ? checkCredentials(settings) : null,
    checkStateDir(settings),
    embeddedRedisFails ? [] : checkQueue(settings),
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
  ];
}
