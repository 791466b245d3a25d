import { Command, InvalidArgumentError, Option } from 'commander';
import { RETRY_AFTER_FORMS } from './limiter.ts';
import type { Sandbox } from './sandbox.ts';
import type { Delay, SandboxOptions } from './state.ts';

/**
 * The options of a sandbox from the arguments of a command line (without node and the script). Throws commander's
 * CommanderError after the message was written: exitCode 0 for --help, else wrong usage.
 */
export function parseCommandLine(args: readonly string[]): SandboxOptions {
  const given = command().parse(args, { from: 'user' }).opts();
  const { tests, workspaces, seed, sharedTests, port, host, limit, latency, retryAfter, metadata } = given;
  const windowMs = given['intervalMs'] === undefined ? given['windowMs'] : given['intervalMs'] * limit;
  return {
    library: { tests, workspaces, seed, sharedTests },
    ...{ port, host, seed, limit, windowMs, latency, retryAfter, metadata },
    tokenLifeSeconds: given['tokenLife'],
    clientId: given['clientId'],
    clientSecret: given['clientSecret'],
  };
}

/** The message of a sandbox that is listening: its address, and the settings to paste into a shell. */
export function startupText(
  sandbox: Pick<Sandbox, 'url' | 'tokenUrl' | 'clientId' | 'clientSecret' | 'library' | 'limiter'>,
): string {
  const { url, tokenUrl, clientId, clientSecret, library } = sandbox;
  const limiter = sandbox.limiter.settings();
  const counts = `tests: ${library.size()}, workspaces: ${library.workspaces().length}`;
  const pace = limiter.limit === 0 ? 'no limit' : `${limiter.limit} requests per ${limiter.windowMs} ms`;
  const settings = { API_BASE_URL: url, TOKEN_URL: tokenUrl, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret };
  return [
    `Sandbox listening on ${url} (${counts}, Results API: ${pace})`,
    ...Object.entries(settings).map(([name, value]) => `export ${name}=${shellWord(value)}`),
    '',
  ].join('\n');
}

/** The message of a sandbox that could not start, without a stack. */
export function startErrorText(error: unknown): string {
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

function command(): Command {
  return new Command('npm run sandbox')
    .usage('-- [options]')
    .description('A simulated UserTesting API with a library generated from a seed.')
    .exitOverride()
    .configureHelp({ optionDescription: describe })
    .addHelpText('after', '\nExample: npm run sandbox -- --tests 1000 --interval-ms 200 --latency 20-200')
    .option('--port <port>', 'port to listen on; 0 = a free one', wholeNumber(0, 65_535), 4010)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--tests <n>', 'number of tests', wholeNumber(0, 5_000_000), 200)
    .option('--workspaces <n>', 'number of workspaces', wholeNumber(1, 10_000), 3)
    .option('--shared-tests <n>', 'tests that are listed in two workspaces', wholeNumber(0, 5_000_000), 0)
    .option('--seed <n>', 'the same seed gives the same library', wholeNumber(0, 2 ** 31), 1)
    .option('--limit <n>', 'Results API requests per window; 0 = no limit', wholeNumber(0, 1_000_000), 10)
    .option('--window-ms <ms>', 'length of the window', wholeNumber(1, 86_400_000), 60_000)
    .addOption(
      new Option('--interval-ms <ms>', 'instead of --window-ms: limit × this')
        .argParser(wholeNumber(1, 86_400_000))
        .conflicts('windowMs'),
    )
    .addOption(
      new Option('--retry-after <form>', `form of Retry-After in a 429: ${RETRY_AFTER_FORMS.join(', ')}`)
        .choices(RETRY_AFTER_FORMS)
        .default('seconds'),
    )
    .option('--latency <ms>', 'response time, for example 50 or 20-200', delay, 0)
    .option('--metadata', 'show type and productType in listings', false)
    .option('--token-life <s>', 'lifetime of access tokens, seconds', wholeNumber(1, 31_536_000), 3600)
    .option('--client-id <id>', 'the accepted client id', 'sandbox-client')
    .option('--client-secret <secret>', 'the accepted client secret', 'sandbox-secret');
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
