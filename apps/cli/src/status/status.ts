import type { LoadedSettings } from '@inventory/config';
import { exitCode, openRuntime } from '@inventory/runtime';
import { isoTime, readStatus, type Status, statusJson } from '@inventory/status';
import type { Answer } from '../answer/answer.ts';
import { statusLines } from './status-lines.ts';

/** How things stand, as Redis has it; asks nobody else. @throws RedisUnavailableError and its like */
export async function status(settings: LoadedSettings): Promise<Answer> {
  const runtime = await openRuntime({ settings, name: 'status' });
  try {
    const facts = await readStatus(runtime);
    return { code: exitCode.done, lines: statusLines(facts), json: answerJson(facts) };
  } finally {
    await runtime.close();
  }
}

function answerJson(facts: Status): object {
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
