import { type LoadedSettings, loadSettings } from '@inventory/config';
import { type CommandContext, exitCode, openRuntime } from '@inventory/runtime';
import { readStatus, type Status, statusJson } from '@inventory/status';
import { isoTime } from '@inventory/status/words';
import { Command } from 'commander';
import { type Answer, printAnswer } from './command.ts';
import { statusLines } from './status-report.ts';

/** `npm run status`. */
export function statusCommand({ end }: CommandContext): Command {
  return new Command('status')
    .description('Tests by type, progress, workers, limits, token, errors. Needs no credentials.')
    .option('--json', 'print one JSON object')
    .action(async (options: { json?: boolean }) => end(printAnswer(await status(loadSettings()), options)));
}

/** The status, read from Redis alone. @throws RedisUnavailableError and its like */
export async function status(settings: LoadedSettings): Promise<Answer> {
  const runtime = await openRuntime({ settings, name: 'status' });
  try {
    const facts = await readStatus(runtime);
    return { code: exitCode.done, lines: statusLines(facts), json: json(facts) };
  } finally {
    await runtime.close();
  }
}

function json(facts: Status): object {
  const { redis, totals } = facts;
  const { tests: known, byCategory, open, provisional, provisionalFrom, unconfirmed } = totals;
  const tests = {
    known,
    by_category: byCategory,
    open,
    provisional,
    provisional_from: isoTime(provisionalFrom),
    unconfirmed,
  };
  return { ...statusJson(facts), redis, tests };
}
