import { z } from 'zod';

/** What a valid value is: how it is checked, and the words for the sentence "expected …". */
interface Kind<Value> {
  readonly expected: string;
  readonly schema: z.ZodType<Value, string>;
}

export interface SettingRow extends Kind<unknown> {
  /** One line for people, as shown in `.env.example`. */
  readonly about: string;
  /** The default in the words of `.env`, if there is one. */
  readonly fallback?: string;
  /** Whether the value is a secret, which is never printed, not even when it is invalid. */
  readonly secret?: true;
}

function text(expected: string): Kind<string> {
  return { expected, schema: z.string() };
}

/** @param what such as `number of hours` */
function whole(what: string, least: number, most: number): Kind<number> {
  const digits = z.string().regex(/^\d{1,15}$/);
  const schema = digits.transform(Number).pipe(z.number().min(least).max(most));
  return { expected: `a ${what} from ${least} to ${most}`, schema };
}

function milliseconds(least: number): Kind<number> {
  return whole('whole number of milliseconds', least, 3_600_000);
}

/** The words; an empty one is allowed, but not recommended. */
function oneOf<const Words extends readonly string[]>(...words: Words): Kind<Words[number]> {
  const named = words.filter((word) => word !== '');
  const expected = `${named.slice(0, -1).join(', ')} or ${named.at(-1)}`;
  return { expected, schema: z.string().pipe(z.enum(words)) };
}

const httpUrl: Kind<string> = {
  expected: 'an http(s) URL',
  schema: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
};

const webhook: Kind<string> = {
  expected: 'an http(s) URL',
  schema: z.literal('').or(z.url({ protocol: /^https?$/ })),
};

const redisUrl: Kind<string> = {
  expected:
    'redis://…, rediss://…, redis+sentinel://…, a comma-separated list of cluster nodes, or the path of a socket',
  schema: z.string().regex(/^$|^\/\S+$|^rediss?(\+sentinel)?:\/\/[^\s,]+(,(rediss?:\/\/)?[^\s,]+)*$/),
};

const prefix: Kind<string> = {
  expected: 'a name in braces such as {classify}',
  schema: z.string().regex(/^[^\s{}]*\{[^\s{}]+\}[^\s{}]*$/),
};

const testAddress: Kind<string> = {
  expected: 'an http(s) URL with {test_uuid} in it',
  schema: z.string().refine((url) => url === '' || (/^https?:\/\/.*\{test_uuid\}/.test(url) && URL.canParse(url))),
};

const pathBelowHost: Kind<string> = {
  expected: 'a path such as /inventory',
  schema: z
    .string()
    .regex(/^(\/(?!\.{1,2}(\/|$))[\w.~-]+)*\/?$/)
    .transform((path) => path.replace(/\/$/, '')),
};

/** Anything that is not a positive number counts as "not known", as in the tutorial's script. */
const epochSeconds: Kind<number> = {
  expected: 'epoch seconds',
  schema: z.string().transform((value) => {
    const seconds = Number(value);
    return value.trim() !== '' && Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
  }),
};

/** Every setting of the program, once: the checks, `.env.example` and docs/settings.md all follow it. */
export const settingsTable = {
  CLIENT_ID: { about: 'OAuth client id, from UserTesting support', ...text('the client id') },
  CLIENT_SECRET: { about: 'OAuth client secret', ...text('the client secret'), secret: true },
  ACCESS_TOKEN: { about: 'current access token; kept up to date by the program', ...text('a token'), secret: true },
  EXPIRES_IN: { about: "the token's expiry, epoch seconds; kept up to date", ...epochSeconds },
  API_BASE_URL: { about: 'where the UserTesting API is', fallback: 'https://api.use2.usertesting.com', ...httpUrl },
  TOKEN_URL: {
    about: 'where access tokens come from',
    fallback: 'https://auth.usertesting.com/oauth2/aus1p3vtd8vtm4Bxv0h8/v1/token',
    ...httpUrl,
  },
  ALLOW_HTTP: {
    about: 'yes = plain http also to servers that are not this machine: others can read the credentials',
    fallback: 'no',
    ...oneOf('yes', 'no'),
  },
  TOKEN_SCOPE: { about: 'OAuth scope to request', fallback: 'studies:read', ...text('an OAuth scope') },
  REDIS_URL: { about: 'Redis to use; empty = a private one below DATA_DIR', ...redisUrl, secret: true },
  QUEUE_PREFIX: { about: 'keeps several accounts on one Redis apart', fallback: '{classify}', ...prefix },
  REQUEST_INTERVAL_MS: {
    about: 'least time between two Results API requests of the whole cluster; 0 = no limit (tests only)',
    fallback: '6050',
    ...milliseconds(0),
  },
  WORKER_SLOTS: {
    about: 'requests one worker process may have in flight',
    fallback: '6',
    ...whole('whole number', 1, 64),
  },
  REQUEST_TIMEOUT_MS: {
    about: 'time for one request; the media probes get at most 10 s of it',
    fallback: '30000',
    ...milliseconds(1),
  },
  STEP_RETRIES: {
    about: 'retries of one step on a transient failure',
    fallback: '5',
    ...whole('whole number', 0, 100),
  },
  CLASSIFY_BY: {
    about: 'auto = the listing where it says the type, probes otherwise; probe; metadata',
    fallback: 'auto',
    ...oneOf('auto', 'probe', 'metadata'),
  },
  NOT_FOUND_BODY: {
    about: "which 404 is the API's: json = one with a JSON object as its body; any = every one",
    fallback: 'json',
    ...oneOf('json', 'any'),
  },
  PROVISIONAL_HOURS: {
    about: "hours after a session's end in which its absent media are weak evidence; 0 = off",
    fallback: '24',
    ...whole('whole number of hours', 0, 720),
  },
  STATE_DIR: { about: "the exporter's files", fallback: 'state', ...text('a folder') },
  DATA_DIR: { about: 'embedded Redis and caches', fallback: '.data', ...text('a folder') },
  EXPORT_INTERVAL_MS: {
    about: 'shortest time between two writes of the state files during a run',
    fallback: '5000',
    ...milliseconds(0),
  },
  BOARD_HOST: { about: 'address of the board', fallback: '127.0.0.1', ...text('a host name or address') },
  BOARD_PORT: { about: 'port of the board', fallback: '3000', ...whole('port', 0, 65_535) },
  BOARD_USER: { about: 'user name of the board', fallback: 'admin', ...text('a name') },
  BOARD_PASSWORD: {
    about: 'password of the board; off loopback one of 12 characters or more is needed',
    ...text('a password'),
    secret: true,
  },
  BOARD_BASE_PATH: { about: 'path below which a reverse proxy shows the board, such as /inventory', ...pathBelowHost },
  ACCOUNT_NAME: { about: 'name of the account, on the board and in notifications', ...text('a name') },
  TEST_URL: {
    about: 'address of a test in UserTesting, with {test_uuid} in it: the board links to it',
    ...testAddress,
  },
  NOTIFY_URL: {
    about: 'where notifications go: an incoming webhook of Slack or Teams, or any server that takes JSON; empty = none',
    ...webhook,
    secret: true,
  },
  NOTIFY_SECRET: { about: 'signs notifications in JSON (HMAC-SHA256)', ...text('a secret'), secret: true },
  LOG_LEVEL: {
    about: 'how much is logged, to stderr',
    fallback: 'info',
    ...oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
  },
  LOG_FORMAT: { about: 'pretty on a terminal, else json', ...oneOf('pretty', 'json', '') },
} as const satisfies Record<string, SettingRow>;

type Table = typeof settingsTable;

/** `API_BASE_URL` as the program calls it: `apiBaseUrl`. */
type FieldOf<Name extends string> = Name extends `${infer Word}_${infer More}`
  ? `${Lowercase<Word>}${Capitalize<FieldOf<More>>}`
  : Lowercase<Name>;

/** The same for a value. */
export function fieldOf(name: string): string {
  return name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The checked settings, one field per row of {@link settingsTable}. */
export type Settings = { readonly [Name in keyof Table as FieldOf<Name>]: z.output<Table[Name]['schema']> };
