import { type LoadedSettings, writeEnvFile } from '@inventory/config';
import { displayPath } from '@inventory/logger';
import { exitCode, openListing, openRuntime, type Runtime } from '@inventory/runtime';
import type { Token } from '@inventory/usertesting';
import type { Answer } from '../answer/answer.ts';
import { clockTime } from '../progress/clock-time.ts';
import { timeLeft } from '../progress/time-left.ts';

/**
 * Gets an access token and stores it where processes find it: in Redis and, where there is one, in the settings file.
 * A token that is still valid is kept unless `force`.
 * @throws CredentialsRefusedError, TokenEndpointDownError
 */
export async function token(settings: LoadedSettings, { force = false }: { force?: boolean }): Promise<Answer> {
  const runtime = await openRuntime({ settings, name: 'token' });
  const { tokens } = openListing(runtime);
  try {
    const before = await tokens.current();
    const now = force ? await tokens.renew(before) : before;
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

/** @returns the settings file that holds the token now; null when there is none, or it cannot be written */
async function writeToFile({ settings, logger }: Runtime, { accessToken, expiresAt }: Token): Promise<string | null> {
  const { envFile } = settings;
  if (envFile === null) return null;
  const values = { ACCESS_TOKEN: accessToken, EXPIRES_IN: String(Math.floor(expiresAt)) };
  const written = await writeEnvFile(envFile, values).catch((error: NodeJS.ErrnoException) => {
    logger.warn({ file: envFile, code: error.code }, 'the token could not be written to the settings file');
    return false;
  });
  return written ? envFile : null;
}
