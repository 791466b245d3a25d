import { z } from 'zod';

/** One row of the table of settings: the variable's name, its default as a user would type it, and how it is checked. */
export interface SettingRow {
  readonly name: string;
  /** The default in the words of `.env`; empty when there is none. */
  readonly fallback: string;
  /** One line for people, shown by `.env.example` and in error messages. */
  readonly about: string;
  /** What a valid value looks like, for the sentence "expected …". */
  readonly expected: string;
  /** A secret's value is never printed, not even when it is wrong. */
  readonly secret: boolean;
}

interface RowWithSchema<Value> extends SettingRow {
  readonly schema: z.ZodType<Value, string>;
}

function row<Value>(
  name: string,
  fallback: string,
  about: string,
  expected: string,
  schema: z.ZodType<Value, string>,
  secret = false,
): RowWithSchema<Value> {
  return { name, fallback, about, expected, schema, secret };
}

const text = z.string();

function wholeNumber(least: number, most: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most));
}

function oneOf<const Words extends readonly [string, ...string[]]>(words: Words): z.ZodType<Words[number], string> {
  return z.string().pipe(z.enum(words));
}

const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

const redisUrl = z.string().regex(/^$|^\/\S+$|^rediss?(\+sentinel)?:\/\/[^\s,]+(,(rediss?:\/\/)?[^\s,]+)*$/);

const prefix = z.string().regex(/^[^\s{}]*\{[^\s{}]+\}[^\s{}]*$/);

/** Epoch seconds; anything that is not a positive number counts as "not known", as in the tutorial's script. */
const epochSeconds = z.string().transform((value) => {
  const seconds = Number(value);
  return value.trim() !== '' && Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
});

const hour = 3_600_000;

/** Every setting of the program, once: `.env.example`, docs/settings.md and the checks all follow it. */
export const settingsTable = {
  clientId: row('CLIENT_ID', '', 'OAuth client id, from UserTesting support', 'the client id', text),
  clientSecret: row('CLIENT_SECRET', '', 'OAuth client secret', 'the client secret', text, true),
  accessToken: row('ACCESS_TOKEN', '', 'current access token; kept up to date by the program', 'a token', text, true),
  expiresIn: row('EXPIRES_IN', '', "the token's expiry, epoch seconds; kept up to date", 'epoch seconds', epochSeconds),
  apiBaseUrl: row(
    'API_BASE_URL',
    'https://api.use2.usertesting.com',
    'where the UserTesting API is',
    'an http(s) URL',
    httpUrl,
  ),
  tokenUrl: row(
    'TOKEN_URL',
    'https://auth.usertesting.com/oauth2/aus1p3vtd8vtm4Bxv0h8/v1/token',
    'where access tokens come from',
    'an http(s) URL',
    httpUrl,
  ),
  tokenScope: row('TOKEN_SCOPE', 'studies:read', 'scope asked for', 'an OAuth scope', text),
  redisUrl: row(
    'REDIS_URL',
    '',
    'Redis to use; empty = a private one below DATA_DIR',
    'redis://…, rediss://…, redis+sentinel://…, a comma-separated list of cluster nodes, or the path of a socket',
    redisUrl,
    true,
  ),
  queuePrefix: row(
    'QUEUE_PREFIX',
    '{classify}',
    'keeps several accounts on one Redis apart',
    'a name in braces such as {classify}',
    prefix,
  ),
  requestIntervalMs: row(
    'REQUEST_INTERVAL_MS',
    '6050',
    'least time between two Results API requests of the whole cluster; 0 = no limit (tests only)',
    'a whole number of milliseconds from 0 to 3600000',
    wholeNumber(0, hour),
  ),
  workerSlots: row(
    'WORKER_SLOTS',
    '6',
    'requests one worker process may have in flight',
    'a whole number from 1 to 64',
    wholeNumber(1, 64),
  ),
  requestTimeoutMs: row(
    'REQUEST_TIMEOUT_MS',
    '30000',
    'time for one request; the media probes get at most 10 s of it',
    'a whole number of milliseconds from 1 to 3600000',
    wholeNumber(1, hour),
  ),
  stepRetries: row(
    'STEP_RETRIES',
    '5',
    'retries of one step on a transient failure',
    'a whole number from 0 to 100',
    wholeNumber(0, 100),
  ),
  classifyBy: row(
    'CLASSIFY_BY',
    'auto',
    'auto = the listing where it says the type, probes otherwise; probe; metadata',
    'auto, probe or metadata',
    oneOf(['auto', 'probe', 'metadata']),
  ),
  notFoundBody: row(
    'NOT_FOUND_BODY',
    'json',
    "which 404 is the API's: json = one with a JSON object as its body; any = every one",
    'json or any',
    oneOf(['json', 'any']),
  ),
  provisionalHours: row(
    'PROVISIONAL_HOURS',
    '24',
    "hours after a session's end in which its absent media are weak evidence; 0 = off",
    'a whole number of hours from 0 to 720',
    wholeNumber(0, 720),
  ),
  stateDir: row('STATE_DIR', 'state', "the exporter's files", 'a folder', text),
  dataDir: row('DATA_DIR', '.data', 'embedded Redis and caches', 'a folder', text),
  exportIntervalMs: row(
    'EXPORT_INTERVAL_MS',
    '5000',
    'least time between two writes of the state files while work goes on',
    'a whole number of milliseconds from 0 to 3600000',
    wholeNumber(0, hour),
  ),
  boardHost: row('BOARD_HOST', '127.0.0.1', 'address of the board', 'a host name or address', text),
  boardPort: row('BOARD_PORT', '3000', 'port of the board', 'a port from 0 to 65535', wholeNumber(0, 65_535)),
  boardUser: row('BOARD_USER', 'admin', 'user name of the board', 'a name', text),
  boardPassword: row('BOARD_PASSWORD', '', 'password of the board; needed off loopback', 'a password', text, true),
  logLevel: row(
    'LOG_LEVEL',
    'info',
    'how much is logged, to stderr',
    'fatal, error, warn, info, debug, trace or silent',
    oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  ),
  logFormat: row('LOG_FORMAT', '', 'pretty on a terminal, else json', 'pretty or json', oneOf(['pretty', 'json', ''])),
} as const;

type Table = typeof settingsTable;

/** The checked settings, one field a row of {@link settingsTable}; times in ms unless the row says otherwise. */
export type Settings = { readonly [Key in keyof Table]: z.output<Table[Key]['schema']> };
