import { messageOf, printableLines } from '@inventory/logger';
import { type Command, CommanderError } from 'commander';
import { type ExitCode, exitCode, exitCodeOf } from './exit-code.ts';

/** A terminal sends Ctrl-C to npm and to us, and npm passes it on: what comes within this time is the same one, ms. */
const sameSignalMs = 500;

/**
 * Runs a process from its command line to its exit code. The first SIGINT or SIGTERM aborts the signal that
 * the command's action was made with; a second one, half a second later or more, ends the process at once. Errors
 * become one or two sentences on stderr, never a stack trace, which could show what hangs on an error (a token).
 * Output that nobody takes (a closed pipe, a full disk) does not end the work; where it was lost, 0 becomes 1.
 * @param command a commander command; its action calls `end` with the exit code
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
      each.exitOverride().allowExcessArguments(false).showHelpAfterError('(add --help for what it takes)');
    }
    await command.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) code = usageCode(error);
    else if (error === interruption.signal.reason) code = exitCode.interrupted;
    else code = report(error);
  }
  process.exit(lost !== null && code === exitCode.done ? exitCode.partial : code);
}

/** commander has printed the message already; `--help` and `--version` end through here too, with 0. */
function usageCode(error: CommanderError): ExitCode {
  return error.exitCode === 0 ? exitCode.done : exitCode.usage;
}

function report(error: unknown): ExitCode {
  process.stderr.write(`${printableLines(messageOf(error))}\n`);
  return exitCodeOf(error);
}
