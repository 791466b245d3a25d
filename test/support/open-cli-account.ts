import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openTestAccount, type TestAccount, type TestAccountOptions } from './open-test-account.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A test account with folders of its own, closed after the test. */
export async function openCliAccount({ sandbox, env }: TestAccountOptions = {}): Promise<TestAccount> {
  const folder = await temporaryFolder((work) => onTestFinished(work));
  const folders = { STATE_DIR: join(folder, 'state'), DATA_DIR: join(folder, 'data') };
  const opened = await openTestAccount({ ...(sandbox && { sandbox }), env: { ...folders, ...env } });
  onTestFinished(() => opened[Symbol.asyncDispose]());
  return opened;
}
