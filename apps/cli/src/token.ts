import { type LoadedSettings, loadSettings, writeEnvFile } from '@inventory/config';
import { displayPath, messageOf } from '@inventory/logger';
import { type CommandContext, exitCode, openListing, openRuntime, type Runtime } from '@inventory/runtime';
import { clockTime, timeLeft } from '@inventory/status/words';
import type { Token } from '@inventory/usertesting';
import { Command } from 'commander';
import { type Answer, printAnswer } from './command.ts';
import { quiet } from './display.ts';

/** `npm run token`. */
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
  const runtime = await openRuntime({ settings, name: 'token' });
  // Its answer says what the log would.
  const { tokens } = openListing(quiet(runtime));
  try {
    const now = await (force ? tokens.replace() : tokens.current());
    const file = await writeToFile(runtime, now);
    const expiresAt = now.expiresAt * 1000;
    const places = file === null ? 'in Redis' : `in Redis and in ${displayPath(file)}`;
    const until = `${clockTime(expiresAt)} (${timeLeft(expiresAt - Date.now())})`;
    return {
      code: exitCode.done,
      lines: [`The access token is valid until ${until}. It is ${places}.`],
      json: { expiresAt: new Date(expiresAt).toISOString(), file },
    };
  } finally {
    await tokens.stop();
    await runtime.close();
  }
}

/** @returns the settings file that now holds the token; null when there is none, or it cannot be written */
async function writeToFile({ settings, logger }: Runtime, { accessToken, expiresAt }: Token): Promise<string | null> {
  const { envFile } = settings;
  if (envFile === null) return null;
  const values = { ACCESS_TOKEN: accessToken, EXPIRES_IN: String(Math.floor(expiresAt)) };
  const written = await writeEnvFile(envFile, values).catch((error: unknown) => {
    logger.warn({ file: envFile, reason: messageOf(error) }, 'the token could not be written to the settings file');
    return false;
  });
  return written ? envFile : null;
}
