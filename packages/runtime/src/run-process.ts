import { messageOf, printableLines } from '@inventory/logger';
import { type Command, CommanderError } from 'commander';
import { type ExitCode, exitCode, exitCodeOf } from './exit-code.ts';

/** Ctrl-C reaches this process from the terminal and again from npm: within this time, in ms, it is the same one. */
const sameSignalMs = 500;

/**
 * Runs a process from its command line to its exit code. The first SIGINT or SIGTERM aborts the signal that the command
 * was built with; a second one, half a second later or more, ends the process at once. Errors become one or two
 * sentences on stderr, never a stack trace, which could show the data of an error (a token). Output that cannot be
 * written (a closed pipe, a full disk) does not end the work; if a disk was full, exit code 0 becomes 1.
 * @param build makes a commander command, whose action calls `end` with the exit code
 */
export async function runProcess(
  build: (signal: AbortSignal, end: (code: ExitCode) => void) => Command,
): Promise<void> {
  const interruption = new AbortController();
  let code: ExitCode = exitCode.done;
  let interruptedAt = Number.POSITIVE_INFINITY;
  const interrupt = (): void => {
    const now = performance.now();
    if (now - interruptedAt > sameSignalMs) process.exit(exitCode.interrupted);
    interruptedAt = Math.min(interruptedAt, now);
    interruption.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  process.on('uncaughtException', (error) => process.exit(report(error)));
  let lost: string | null = null;
  const loseOutput = ({ code: why = 'unknown' }: NodeJS.ErrnoException): void => {
    if (why === 'EPIPE' || lost !== null) return;
    lost = why;
    process.stderr.write(`Output could not be written (${why}): the work goes on without it.\n`);
  };
  process.stdout.on('error', loseOutput);
  process.stderr.on('error', loseOutput);
  try {
    const command = build(interruption.signal, (final) => {
      code = final;
    });
    for (const each of [command, ...command.commands]) {
      each.exitOverride().allowExcessArguments(false).showHelpAfterError('(add --help for its usage)');
    }
    await command.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) code = usageCode(error);
    else if (error === interruption.signal.reason) code = exitCode.interrupted;
    else code = report(error);
  }
  process.exit(lost !== null && code === exitCode.done ? exitCode.partial : code);
}

/** commander has printed the message; `--help` and `--version` end in this way too, with 0. */
function usageCode(error: CommanderError): ExitCode {
  return error.exitCode === 0 ? exitCode.done : exitCode.usage;
}

function report(error: unknown): ExitCode {
  process.stderr.write(`${printableLines(messageOf(error))}\n`);
  return exitCodeOf(error);
}
