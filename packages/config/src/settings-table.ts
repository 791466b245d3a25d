import { z } from 'zod';

/** What a valid value is: how it is checked, and the words for the sentence "expected …". */
interface Kind<Value> {
  readonly expected: string;
  readonly schema: z.ZodType<Value, string>;
}

export interface SettingRow extends Kind<unknown> {
  readonly name: string;
  /** The default in the words of `.env`; empty when there is none. */
  readonly fallback: string;
  /** One line for people, as shown in `.env.example`. */
  readonly about: string;
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
  clientId: {
    name: 'CLIENT_ID',
    fallback: '',
    about: 'OAuth client id, from UserTesting support',
    ...text('the client id'),
  },
  clientSecret: {
    name: 'CLIENT_SECRET',
    fallback: '',
    about: 'OAuth client secret',
    ...text('the client secret'),
    secret: true,
  },
  accessToken: {
    name: 'ACCESS_TOKEN',
    fallback: '',
    about: 'current access token; kept up to date by the program',
    ...text('a token'),
    secret: true,
  },
  expiresIn: {
    name: 'EXPIRES_IN',
    fallback: '',
    about: "the token's expiry, epoch seconds; kept up to date",
    ...epochSeconds,
  },
  apiBaseUrl: {
    name: 'API_BASE_URL',
    fallback: 'https://api.use2.usertesting.com',
    about: 'where the UserTesting API is',
    ...httpUrl,
  },
  tokenUrl: {
    name: 'TOKEN_URL',
    fallback: 'https://auth.usertesting.com/oauth2/aus1p3vtd8vtm4Bxv0h8/v1/token',
    about: 'where access tokens come from',
    ...httpUrl,
  },
  allowHttp: {
    name: 'ALLOW_HTTP',
    fallback: 'no',
    about: 'yes = plain http also to servers that are not this machine: others can read the credentials',
    ...oneOf('yes', 'no'),
  },
  tokenScope: {
    name: 'TOKEN_SCOPE',
    fallback: 'studies:read',
    about: 'OAuth scope to request',
    ...text('an OAuth scope'),
  },
  redisUrl: {
    name: 'REDIS_URL',
    fallback: '',
    about: 'Redis to use; empty = a private one below DATA_DIR',
    ...redisUrl,
    secret: true,
  },
  queuePrefix: {
    name: 'QUEUE_PREFIX',
    fallback: '{classify}',
    about: 'keeps several accounts on one Redis apart',
    ...prefix,
  },
  requestIntervalMs: {
    name: 'REQUEST_INTERVAL_MS',
    fallback: '6050',
    about: 'least time between two Results API requests of the whole cluster; 0 = no limit (tests only)',
    ...milliseconds(0),
  },
  workerSlots: {
    name: 'WORKER_SLOTS',
    fallback: '6',
    about: 'requests one worker process may have in flight',
    ...whole('whole number', 1, 64),
  },
  requestTimeoutMs: {
    name: 'REQUEST_TIMEOUT_MS',
    fallback: '30000',
    about: 'time for one request; the media probes get at most 10 s of it',
    ...milliseconds(1),
  },
  stepRetries: {
    name: 'STEP_RETRIES',
    fallback: '5',
    about: 'retries of one step on a transient failure',
    ...whole('whole number', 0, 100),
  },
  classifyBy: {
    name: 'CLASSIFY_BY',
    fallback: 'auto',
    about: 'auto = the listing where it says the type, probes otherwise; probe; metadata',
    ...oneOf('auto', 'probe', 'metadata'),
  },
  notFoundBody: {
    name: 'NOT_FOUND_BODY',
    fallback: 'json',
    about: "which 404 is the API's: json = one with a JSON object as its body; any = every one",
    ...oneOf('json', 'any'),
  },
  provisionalHours: {
    name: 'PROVISIONAL_HOURS',
    fallback: '24',
    about: "hours after a session's end in which its absent media are weak evidence; 0 = off",
    ...whole('whole number of hours', 0, 720),
  },
  stateDir: { name: 'STATE_DIR', fallback: 'state', about: "the exporter's files", ...text('a folder') },
  dataDir: { name: 'DATA_DIR', fallback: '.data', about: 'embedded Redis and caches', ...text('a folder') },
  exportIntervalMs: {
    name: 'EXPORT_INTERVAL_MS',
    fallback: '5000',
    about: 'shortest time between two writes of the state files during a run',
    ...milliseconds(0),
  },
  boardHost: {
    name: 'BOARD_HOST',
    fallback: '127.0.0.1',
    about: 'address of the board',
    ...text('a host name or address'),
  },
  boardPort: { name: 'BOARD_PORT', fallback: '3000', about: 'port of the board', ...whole('port', 0, 65_535) },
  boardUser: { name: 'BOARD_USER', fallback: 'admin', about: 'user name of the board', ...text('a name') },
  boardPassword: {
    name: 'BOARD_PASSWORD',
    fallback: '',
    about: 'password of the board; off loopback one of 12 characters or more is needed',
    ...text('a password'),
    secret: true,
  },
  boardBasePath: {
    name: 'BOARD_BASE_PATH',
    fallback: '',
    about: 'path below which a reverse proxy shows the board, such as /inventory',
    ...pathBelowHost,
  },
  accountName: {
    name: 'ACCOUNT_NAME',
    fallback: '',
    about: 'name of the account, on the board and in notifications',
    ...text('a name'),
  },
  testUrl: {
    name: 'TEST_URL',
    fallback: '',
    about: 'address of a test in UserTesting, with {test_uuid} in it: the board links to it',
    ...testAddress,
  },
  notifyUrl: {
    name: 'NOTIFY_URL',
    fallback: '',
    about: 'where notifications go: an incoming webhook of Slack or Teams, or any server that takes JSON; empty = none',
    ...webhook,
    secret: true,
  },
  notifySecret: {
    name: 'NOTIFY_SECRET',
    fallback: '',
    about: 'signs notifications in JSON (HMAC-SHA256)',
    ...text('a secret'),
    secret: true,
  },
  logLevel: {
    name: 'LOG_LEVEL',
    fallback: 'info',
    about: 'how much is logged, to stderr',
    ...oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
  },
  logFormat: {
    name: 'LOG_FORMAT',
    fallback: '',
    about: 'pretty on a terminal, else json',
    ...oneOf('pretty', 'json', ''),
  },
} as const satisfies Record<string, SettingRow>;

type Table = typeof settingsTable;

/** The checked settings, one field per row of {@link settingsTable}. */
export type Settings = { readonly [Key in keyof Table]: z.output<Table[Key]['schema']> };
