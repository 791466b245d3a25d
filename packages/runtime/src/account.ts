import { hostname } from 'node:os';
import { envFileExposure, type LoadedSettings, writeEnvFile } from '@inventory/config';
import { createLogger, messageOf, printable, SecretRegistry } from '@inventory/logger';
import { Pace, type PaceStatus, readPaceStatus, TestQueue } from '@inventory/queue';
import {
  createListingClient,
  createTokenRequest,
  type ListingClient,
  type Token,
  TokenKeeper,
  type Workspace,
} from '@inventory/usertesting';
import type { Runtime } from './runtime.ts';

/** What a process needs to list an account: its tokens and its listings. */
interface Listing {
  readonly tokens: TokenKeeper;
  readonly listing: ListingClient;
}

/** An account's queue, and the pace at which it is worked through. */
interface AccountQueue {
  readonly pace: Pace;
  readonly queue: TestQueue;
}

/** All that a process needs to work on an account. */
export interface Account extends Listing, AccountQueue, AsyncDisposable {
  close(): Promise<void>;
}

/**
 * Opens tokens, listings, queue and pace; sends no request yet. New tokens are written to the settings file, if any.
 * @param signal ends listings, and their waiting, at once
 */
export function openAccount(runtime: Runtime, signal?: AbortSignal): Account {
  const listing = openListing(runtime, signal);
  const queue = openQueue(runtime);
  const close = async (): Promise<void> => {
    await listing.tokens.stop();
    await queue.queue.close();
  };
  return { ...listing, ...queue, close, [Symbol.asyncDispose]: close };
}

/** Opens the queue alone, for what needs no credentials. The caller closes it. */
export function openQueue({ keyspace, settings }: Pick<Runtime, 'keyspace' | 'settings'>): AccountQueue {
  const pace = new Pace(keyspace, settings.requestIntervalMs);
  return { pace, queue: new TestQueue(keyspace, pace) };
}

/** A run that was not over when it was started again. */
export interface ContinuedRun {
  readonly id: string;
  /** What it is called. */
  readonly what: 'run' | 'audit';
  /** Whether a schedule started it again, and not a person. */
  readonly scheduled?: boolean | undefined;
}

/** The notice about a run that continues: living processes are at work on it, a schedule has come round, or it was interrupted. */
export async function resumeNotice(
  { keyspace }: Pick<Runtime, 'keyspace'>,
  { id, what, scheduled = false }: ContinuedRun,
): Promise<string> {
  const { processes } = await readPaceStatus(keyspace);
  const living = processes.filter(mayBeAlive);
  const other = living.find((each) => each.run === id);
  if (other !== undefined) return `Joining the ${what} of ${printable(other.host)}, process ${other.pid}.`;
  // A worker that was not started for one run works on all of them.
  const goesOn = scheduled || living.some(({ run }) => run === undefined);
  return goesOn ? `The previous ${what} is not over yet: this one joins it.` : `Resuming the interrupted ${what}.`;
}

/** A process that was killed stays on the list for 15 seconds; whether it runs can be asked on its own machine only. */
function mayBeAlive({ host, pid }: PaceStatus['processes'][number]): boolean {
  if (host !== hostname()) return true;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Opens tokens and listings alone, for what leaves the queue as it is; sends no request yet.
 * @param signal ends listings, and their waiting, at once
 */
export function openListing(runtime: Runtime, signal?: AbortSignal): Listing {
  const { settings, secrets, logger, keyspace } = runtime;
  const { clientId, clientSecret, tokenUrl, tokenScope: scope, envFile } = settings;
  const exposure = envFileExposure(envFile);
  if (exposure !== null) logger.warn({ file: envFile }, exposure);
  const tokens = new TokenKeeper({
    keyspace,
    clientId,
    clientSecret,
    tokenUrl,
    proxy: settings.tokenProxy,
    scope,
    initial: settings.accessToken === '' ? null : { accessToken: settings.accessToken, expiresAt: settings.expiresIn },
    onNewToken: (token) => saveToken(runtime, token).then(() => undefined),
    secrets,
    logger,
  });
  const { apiBaseUrl: baseUrl, apiProxy: proxy, requestTimeoutMs } = settings;
  return {
    tokens,
    listing: createListingClient({ baseUrl, proxy, requestTimeoutMs, tokens, logger, ...(signal && { signal }) }),
  };
}

/**
 * Writes a token to the settings file, where other programs may look for it. A failure is logged.
 * @returns the file that now holds it; null when there is none, or it cannot be written
 */
export async function saveToken(
  { settings: { envFile }, logger }: Pick<Runtime, 'settings' | 'logger'>,
  { accessToken, expiresAt }: Pick<Token, 'accessToken' | 'expiresAt'>,
): Promise<string | null> {
  if (envFile === null) return null;
  try {
    const values = { ACCESS_TOKEN: accessToken, EXPIRES_IN: String(Math.floor(expiresAt)) };
    return (await writeEnvFile(envFile, values)) ? envFile : null;
  } catch (error) {
    const reason = messageOf(error);
    logger.warn({ file: envFile, reason }, 'the new token could not be written to the settings file');
    return null;
  }
}

/**
 * Whether the credentials work: gets a new token and lists the workspaces with it. The token is thrown away, so Redis
 * is not needed and what other processes share stays as it is.
 * @throws CredentialsRefusedError, TokenEndpointDownError, and what the listing of workspaces throws
 */
export async function tryCredentials(settings: LoadedSettings): Promise<readonly Workspace[]> {
  const { clientId, clientSecret, tokenUrl, tokenProxy, tokenScope: scope } = settings;
  const { apiBaseUrl: baseUrl, apiProxy, requestTimeoutMs } = settings;
  const logger = createLogger({ name: 'check', level: 'silent', format: 'json', secrets: new SecretRegistry() });
  const hurry = { logger, retries: 1, firstDelayMs: 200 };
  const request = createTokenRequest({ clientId, clientSecret, tokenUrl, proxy: tokenProxy, scope, ...hurry });
  const obtain = async (): Promise<Token> => {
    const obtainedAt = Date.now();
    const { accessToken, lifetimeMs } = await request(new AbortController().signal);
    return { accessToken, lifetimeMs, obtainedAt, expiresAt: (obtainedAt + lifetimeMs) / 1000, generation: 1 };
  };
  const tokens = { current: obtain, renew: obtain, accepted: async () => undefined };
  return createListingClient({ baseUrl, proxy: apiProxy, requestTimeoutMs, tokens, ...hurry }).workspaces();
}
