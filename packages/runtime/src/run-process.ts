import { isatty } from 'node:tty';
import { type NpmOptions, npmOptions } from '@inventory/config';
import { commandLine, messageOf, print, printable, printableLines } from '@inventory/logger';
import { type Command, CommanderError } from 'commander';

/** What a process tells its caller in the end. */
export const exitCode = {
  done: 0,
  /** Finished with recorded errors, tests without a verdict or a FAIL; or gave up. */
  partial: 1,
  /** Wrong usage or settings, found before any request. */
  usage: 2,
  authentication: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** The exit code for an error that ends a process: the one on its class (`exitCode`), else `partial`. */
export function exitCodeOf(error: unknown): ExitCode {
  const code = error instanceof Error && 'exitCode' in error ? error.exitCode : null;
  const own = [exitCode.usage, exitCode.authentication, exitCode.interrupted].find((each) => each === code);
  return own ?? exitCode.partial;
}

/** The command line asks for something that does not exist. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = exitCode.usage;
}

/** What a command's action gets from its process. */
export interface CommandContext {
  /** Fires at the first SIGINT or SIGTERM, and at SIGHUP on a terminal. */
  readonly signal: AbortSignal;
  readonly end: (code: ExitCode) => void;
}

/** Ctrl-C reaches this process from the terminal and again from npm: within this time, in ms, it is the same one. */
const sameSignalMs = 500;

/**
 * Runs a process from its command line to its exit code. The first SIGINT, SIGTERM or, on a terminal, SIGHUP (it is gone)
 * aborts the signal that the command was built with; a second one, half a second later or more, ends the process at once. Errors become one or two
 * sentences on stderr, never a stack trace, which could show the data of an error (a token). Output that cannot be
 * written (a closed pipe, a full disk) does not end the work; if a disk was full, exit code 0 becomes 1.
 * @param build makes a commander command, whose action calls `end` with the exit code
 */
export async function runProcess(build: (context: CommandContext) => Command): Promise<void> {
  const interruption = new AbortController();
  let code: ExitCode = exitCode.done;
  let interruptedAt = Number.POSITIVE_INFINITY;
  const interrupt = (): void => {
    const now = performance.now();
    if (now - interruptedAt > sameSignalMs) process.exit(exitCode.interrupted);
    interruptedAt = Math.min(interruptedAt, now);
    interruption.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, interrupt);
  // Started by nohup it has no terminal that could go. Node forgets that nohup has told it to ignore this.
  process.on('SIGHUP', [0, 1, 2].some(isatty) ? interrupt : () => undefined);
  process.on('uncaughtException', (error) => process.exit(report(error)));
  let lost: string | null = null;
  const loseOutput = ({ code: why = 'unknown' }: NodeJS.ErrnoException): void => {
    if (why === 'EPIPE' || lost !== null) return;
    lost = why;
    print(`Output could not be written (${why}): the work continues without it.\n`, process.stderr);
  };
  process.stdout.on('error', loseOutput);
  process.stderr.on('error', loseOutput);
  try {
    const end = (final: ExitCode): void => {
      code = final;
    };
    const command = build({ signal: interruption.signal, end });
    for (const each of [command, ...command.commands]) {
      each.configureOutput({ writeErr: (text) => print(printableLines(text), process.stderr) });
      // npm answers to --help itself.
      const help = each.parent === null ? 'add --help for its usage' : `usage: ${commandLine(each.name(), '--help')}`;
      each.exitOverride().allowExcessArguments(false).showHelpAfterError(`(${help})`);
    }
    const args = process.argv.slice(2);
    const chosen = command.commands.find((each) => each.name() === args[0]) ?? command;
    refuseSwallowedOptions(chosen, args);
    await command.parseAsync(withNpmsJson(chosen, args), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) code = usageCode(error);
    else if (error === interruption.signal.reason) code = exitCode.interrupted;
    else code = report(error);
  }
  process.exit(lost !== null && code === exitCode.done ? exitCode.partial : code);
}

/**
 * npm keeps the options before `--` for itself, so that `npm run forget --workspace-uuid=… -- …` would do something else
 * than it says. It passes them on as variables, and so do `.npmrc` files: all that this command has are refused, but
 * `--json`, which {@link withNpmsJson} takes.
 * @param command the one that runs @param args the command line, with the name of a subcommand
 * @throws UsageError that says how to write it
 */
export function refuseSwallowedOptions(
  command: Command,
  args: readonly string[],
  npm: NpmOptions | null = npmOptions(),
): void {
  if (npm === null || args.some((arg) => arg === '--help' || arg === '-h')) return;
  const own = args.slice(command.parent === null ? 0 : 1);
  const swallowed = command.options.flatMap((option) => {
    const value = npm.options.get(option.attributeName().toLowerCase());
    const isGiven = own.some((arg) => arg === option.long || arg.startsWith(`${option.long}=`));
    return value === undefined || isGiven || option.long === json ? [] : [{ option, values: value.split('\n\n') }];
  });
  if (swallowed.length === 0) return;
  // Of `--format csv` npm takes the first word as an option without a value, and leaves us the second.
  const bare = swallowed.filter(
    ({ option, values }) => !option.isBoolean() && values.every((value) => value === 'true'),
  );
  const strays = bare.reduce((sum, { values }) => sum + values.length, 0);
  const rest = own.slice(bare.length > 1 ? strays : 0).map(shellWord);
  const words = swallowed
    .filter((each) => bare.length !== 1 || each !== bare[0])
    .flatMap(({ option, values }) => {
      if (option.isBoolean() || values.every((value) => value === 'true')) return [option.flags];
      return [option.long ?? '', ...(option.variadic ? values : values.slice(-1)).map(shellWord)];
    });
  if (bare.length === 1) words.push(own.length > 0 ? (bare[0]?.option.long ?? '') : (bare[0]?.option.flags ?? ''));
  const names = swallowed.map(({ option }) => option.long).join(', ');
  const keys = swallowed.map(({ option }) => (option.long ?? '').slice(2)).join(', ');
  throw new UsageError(
    `npm has kept ${names} for itself: options of this program go after a --. Nothing was done. Write:\n` +
      `  npm ${npm.script === 'start' ? '' : 'run '}${[npm.script, '--', ...words, ...rest].join(' ')}\n` +
      `If you did not write ${names}, it comes from a .npmrc file or a variable npm_config_…: remove ${keys} there.`,
  );
}

const json = '--json';

/**
 * The command line with the `--json` that npm has kept for itself, or has from a `.npmrc` file: it changes nothing but the
 * form of the output.
 * @param command the one that runs @param args the command line, with the name of a subcommand
 */
export function withNpmsJson(
  command: Command,
  args: readonly string[],
  npm: NpmOptions | null = npmOptions(),
): readonly string[] {
  const wanted = npm?.options.has('json') === true && command.options.some(({ long }) => long === json);
  const at = command.parent === null ? 0 : 1;
  return wanted ? [...args.slice(0, at), json, ...args.slice(at)] : args;
}

/** A word as a shell reads it; the password of an address is not repeated. */
function shellWord(word: string): string {
  const text = printable(word).replace(/(?<=:\/\/[^/@:]*:)[^/@]+(?=@)/, 'PASSWORD');
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** commander has printed the message; `--help` and `--version` end in this way too, with 0. */
function usageCode(error: CommanderError): ExitCode {
  return error.exitCode === 0 ? exitCode.done : exitCode.usage;
}

function report(thrown: unknown): ExitCode {
  // What failed while things were closed after an error says less than that error.
  const error = thrown instanceof Error && 'suppressed' in thrown ? thrown.suppressed : thrown;
  print(`${printableLines(messageOf(error))}\n`, process.stderr);
  return exitCodeOf(error);
}
