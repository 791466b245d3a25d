import { once } from 'node:events';
import { Command, InvalidArgumentError, Option, type OptionValues } from 'commander';
import type { Fault } from './faults.ts';
import { seededUuid } from './library/seeded.ts';
import { RETRY_AFTER_FORMS } from './limiter.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';
import type { Delay, SandboxOptions } from './state.ts';

interface SandboxContext {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Takes the exit code: 2 when it cannot listen. */
  readonly end: (code: 0 | 2) => void;
  readonly commandLine: CommandLine;
  /** Writes a text for people, wrapped on a terminal. */
  readonly print: (text: string) => void;
}

export function sandboxCommand({ end, ...context }: SandboxContext): Command {
  return sandboxOptions().action(async (given) => end(await run(readOptions(given), context)));
}

async function run(
  command: SandboxCommand,
  { signal, commandLine, print }: Omit<SandboxContext, 'end'>,
): Promise<0 | 2> {
  let sandbox: Sandbox;
  try {
    sandbox = await startSandbox(command.options);
  } catch (error) {
    process.stderr.write(`sandbox: ${startErrorText(error)}\n`);
    return 2;
  }
  for (const line of startupText(sandbox, command, commandLine)) {
    // What is pasted stays as it is.
    if (line.startsWith('export ')) process.stdout.write(`${line}\n`);
    else print(`${line}\n`);
  }
  if (!signal.aborted) await once(signal, 'abort');
  await sandbox.close();
  return 0;
}

export interface SandboxCommand {
  readonly options: SandboxOptions & { readonly host: string };
  readonly trouble: Trouble;
}

/** A sandbox from what {@link sandboxOptions} has parsed. */
export function readOptions(given: OptionValues): SandboxCommand {
  const { tests, workspaces, seed, sharedTests, nasty, port, host, limit, latency, retryAfter, metadata } = given;
  const windowMs = given['intervalMs'] === undefined ? given['windowMs'] : given['intervalMs'] * limit;
  const trouble: Trouble = { errors: given['errors'], outage: given['outage'] };
  const options = {
    library: { tests, workspaces, seed, sharedTests, nasty },
    ...{ port, host, seed, limit, windowMs, latency, retryAfter, metadata },
    tokenLifeSeconds: given['tokenLife'],
    faults: troubleFaults(trouble, { seed, tests }),
  };
  return { options, trouble };
}

/** A limit that starts requests at an interval of its own is never reached by half a second in any window. */
const marginMs = 500;
/** Results API requests that a test takes, with the mix of a generated library. */
const requestsPerTest = 2.44;

/** Gives a command of the program as its user writes it. */
export type CommandLine = (command: string, args?: string) => string;

/** What a sandbox that is listening says, in lines: where, what to paste into another shell, and how long a run takes. */
export function startupText(
  sandbox: Pick<Sandbox, 'url' | 'tokenUrl' | 'clientId' | 'clientSecret' | 'library' | 'limiter'>,
  { trouble, options }: SandboxCommand,
  commandLine: CommandLine,
): string[] {
  const { url, tokenUrl, clientId, clientSecret, library } = sandbox;
  const { limit, windowMs } = sandbox.limiter.settings();
  const intervalMs = limit === 0 ? 0 : Math.ceil((windowMs + marginMs) / limit);
  const pace = limit === 0 ? 'no limit' : `${limit} requests in ${windowMs / 1000} s`;
  const minutes = Math.max(1, Math.round((library.size() * requestsPerTest * intervalMs) / 60_000));
  const settings = {
    // Without a settings file, so that neither side sees the credentials of the other.
    ENV_FILE: 'none',
    API_BASE_URL: url,
    TOKEN_URL: tokenUrl,
    CLIENT_ID: clientId,
    CLIENT_SECRET: clientSecret,
    REQUEST_INTERVAL_MS: String(intervalMs),
    QUEUE_PREFIX: '{sandbox}',
    STATE_DIR: 'state/sandbox',
    ...(isLoopback(options.host) ? {} : { ALLOW_HTTP: 'yes' }),
  };
  return [
    `Sandbox: a simulated UserTesting account with ${library.size()} tests in ${library.workspaces().length} workspaces.`,
    `It listens on ${url} (Results API: ${pace}). Ctrl-C ends it.`,
    ...troubleWords(trouble, { tests: library.size(), retry: commandLine('retry') }),
    '',
    'Paste into another terminal:',
    '',
    ...Object.entries(settings).map(([name, value]) => `export ${name}=${shellWord(value)}`),
    '',
    ...(options.metadata
      ? [
          `Then run ${commandLine('start', '--all')} there: the listing declares most types, so few requests are needed.`,
        ]
      : [
          `Then run ${commandLine('start', '--all')} there: it takes about ${minutes} min, and never meets the limit (429).`,
        ]),
    `What is classified is not asked again: ${commandLine('forget', '--all')} there lets you begin anew.`,
  ];
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host);
}

/** The message of a sandbox that could not start, without a stack. */
function startErrorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, port, address } = error as Error & { code?: string; port?: number; address?: string };
  const where = `port ${port} on ${address}`;
  if (code === 'EADDRINUSE')
    return `${where} is already in use. Choose another with --port, or --port 0 for a free one.`;
  if (code === 'EACCES') return `${where} needs more privileges. Choose a port above 1023 with --port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `this machine has no address ${address ?? 'of that name'}; see --host.`;
  return error.message;
}

/** The command line, without an action. */
export function sandboxOptions(): Command {
  return new Command('sandbox')
    .description('A simulated UserTesting API with a library generated from a seed.')
    .configureHelp({ optionDescription: describe })
    .option('--port <port>', 'port to listen on; 0 = a free one', wholeNumber(0, 65_535), 4010)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--tests <n>', 'number of tests', wholeNumber(0, 5_000_000), 200)
    .option('--workspaces <n>', 'number of workspaces', wholeNumber(1, 10_000), 3)
    .option('--shared-tests <n>', 'tests that are listed in two workspaces', wholeNumber(0, 5_000_000), 0)
    .option('--seed <n>', 'the same seed gives the same library', wholeNumber(0, 2 ** 31), 1)
    .option('--limit <n>', 'Results API requests per window; 0 = no limit', wholeNumber(0, 1_000_000), 10)
    .option('--window-ms <ms>', 'length of the window', wholeNumber(1, 86_400_000), 6_000)
    .addOption(
      new Option('--interval-ms <ms>', 'instead of --window-ms: limit × this')
        .argParser(wholeNumber(1, 86_400_000))
        .conflicts('windowMs'),
    )
    .addOption(
      new Option('--retry-after <form>', `in 429s: ${RETRY_AFTER_FORMS.join(', ')}`)
        .choices(RETRY_AFTER_FORMS)
        .default('seconds'),
    )
    .option('--latency <ms>', 'response time, for example 50 or 20-200', delay, 0)
    .option('--metadata', 'show type and productType in listings', false)
    .option('--nasty', 'names and titles that careless programs break on', false)
    .option('--errors', 'refuse some tests once, and let some requests fail', false)
    .option('--outage', 'do not answer for about a minute', false)
    .option('--token-life <s>', 'lifetime of access tokens, seconds', wholeNumber(1, 31_536_000), 3600);
}

/** The description of an option with its default in brackets. */
function describe({ description, defaultValue }: Option): string {
  return defaultValue === undefined || defaultValue === false ? description : `${description} (${defaultValue})`;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

function delay(text: string): Delay {
  const [, least, most] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (least === undefined || (most !== undefined && Number(most) < Number(least))) {
    throw new InvalidArgumentError('Expected milliseconds such as 50, or a range such as 20-200.');
  }
  return most === undefined ? Number(least) : [Number(least), Number(most)];
}

function shellWord(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/** Trouble to look at, as the command line asks for it. */
interface Trouble {
  readonly errors: boolean;
  readonly outage: boolean;
}

/** One test in so many is refused, but never more than `mostRefused`. */
const refusedEvery = 50;
const mostRefused = 20;
const failedShare = 0.02;
/** The outage begins after so many requests, and ends after so many more: five in a row, and three single ones later. */
const outage = { skip: 30, count: 8 };

/** The faults that make the trouble in a generated library. */
function troubleFaults(
  { errors, outage: away }: Trouble,
  { seed, tests }: { readonly seed: number; readonly tests: number },
): Fault[] {
  const refused = Array.from({ length: refusedTests(tests) }, (_, index): Fault => {
    const testUuid = seededUuid('test', seed, index * refusedEvery);
    return { kind: 'status', status: 400, endpoint: 'results', testUuid, count: 1 };
  });
  const failed: Fault = { kind: 'status', status: 500, endpoint: 'results', probability: failedShare };
  return [
    ...(errors ? [...refused, failed] : []),
    ...(away ? [{ kind: 'reset', endpoint: 'results', ...outage } as const] : []),
  ];
}

/** What will happen, for people. @param retry the command that asks again about tests with errors */
function troubleWords(
  { errors, outage: away }: Trouble,
  { tests, retry }: { readonly tests: number; readonly retry: string },
): string[] {
  const refused = refusedTests(tests);
  return [
    ...(errors
      ? [
          `${refused} ${refused === 1 ? 'test is' : 'tests are'} refused once (400): errors.json has them, ${retry} ` +
            'asks again.',
          `${failedShare * 100} % of the requests fail (500), and are sent again.`,
        ]
      : []),
    ...(away ? [`After ${outage.skip} requests the Results API does not answer for about a minute.`] : []),
  ];
}

function refusedTests(tests: number): number {
  return Math.min(mostRefused, Math.ceil(tests / refusedEvery));
}
