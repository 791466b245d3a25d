import type { LoadedSettings } from '@inventory/config';
import { exitCode, openHome } from '@inventory/process';
import type { Answer } from '../answer/answer.ts';
import { readStatus } from './read-status.ts';
import { statusJson } from './status-json.ts';
import { statusLines } from './status-lines.ts';

/** How things stand, as Redis has it; asks nobody else. @throws RedisUnavailableError and its like */
export async function status(settings: LoadedSettings): Promise<Answer> {
  const home = await openHome({ settings, name: 'status' });
  try {
    const facts = await readStatus(home);
    return { code: exitCode.done, lines: statusLines(facts), json: statusJson(facts) };
  } finally {
    await home.close();
  }
}
