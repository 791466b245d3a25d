import type { LoadedSettings } from '@inventory/config';
import { exitCodeOf, tryCredentials } from '@inventory/runtime';
import { countOf } from '../answer/count-of.ts';
import type { Finding } from './finding.ts';

const check = 'Credentials';

/** Gets a token and lists the workspaces with it. */
export async function checkCredentials(settings: LoadedSettings): Promise<Finding> {
  try {
    const { length } = await tryCredentials(settings);
    return length > 0
      ? { level: 'PASS', check, message: `accepted; ${countOf(length, 'workspace')} can be listed` }
      : { level: 'WARN', check, message: 'accepted, but there is no workspace to list: check their permissions' };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { level: 'FAIL', check, message, code: exitCodeOf(error) };
  }
}
