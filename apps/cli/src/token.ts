import { type LoadedSettings, loadSettings } from '@inventory/config';
import { displayPath } from '@inventory/logger';
import { type CommandContext, exitCode, openListing, openRuntime, saveToken } from '@inventory/runtime';
import { clockTime, timeLeft } from '@inventory/status/words';
import { Command } from 'commander';
import { type Answer, printAnswer } from './command.ts';
import { quiet } from './display.ts';

export function tokenCommand({ end }: CommandContext): Command {
  return new Command('token')
    .description('Gets an access token, and stores it in Redis and, if there is one, in .env.')
    .option('--force', 'replace a token that is still valid')
    .option('--json', 'print one JSON object; the token itself is never printed')
    .action(async (options: { force?: boolean; json?: boolean }) => {
      end(printAnswer(await token(loadSettings({ needs: ['credentials'] }), options), options));
    });
}

/**
 * Gets an access token and stores it where processes find it: in Redis and, if there is one, in the settings file.
 * A token that is still valid is kept unless `force`.
 * @throws CredentialsRefusedError, TokenEndpointDownError
 */
async function token(settings: LoadedSettings, { force = false }: { force?: boolean }): Promise<Answer> {
  await using runtime = await openRuntime({ settings, name: 'token' });
  // Its answer says what the log would.
  const { tokens } = openListing(quiet(runtime));
  const now = await (force ? tokens.replace() : tokens.current());
  const file = await saveToken(runtime, now);
  const expiresAt = now.expiresAt * 1000;
  const places = file === null ? 'in Redis' : `in Redis and in ${displayPath(file)}`;
  const until = `${clockTime(expiresAt)} (${timeLeft(expiresAt - Date.now())})`;
  return {
    code: exitCode.done,
    lines: [`The access token is valid until ${until}. It is ${places}.`],
    json: { expiresAt: new Date(expiresAt).toISOString(), file },
  };
}
