import type { LoadedSettings } from '@inventory/config';
import { type ExitCode, exitCode, openAccount, openHome } from '@inventory/process';

/**
 * Gets an access token and stores it where processes find it: in Redis and in the settings file. A token that
 * is still valid is kept unless `force`.
 */
export async function token(settings: LoadedSettings, { force = false }: { force?: boolean }): Promise<ExitCode> {
  const home = await openHome({ settings, name: 'token' });
  const account = openAccount(home);
  try {
    const before = await account.tokens.current();
    const now = force ? await account.tokens.renew(before) : before;
    const until = new Date(now.expiresAt * 1000).toLocaleString();
    process.stdout.write(`The access token is valid until ${until}. It is in ${settings.envFile ?? 'Redis'}.\n`);
    return exitCode.done;
  } finally {
    await account.close();
    await home.close();
  }
}
