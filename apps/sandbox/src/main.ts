import { CommanderError } from 'commander';
import { parseCommandLine, startErrorText, startupText } from './command-line.ts';
import { startSandbox } from './sandbox.ts';

const WRONG_USAGE = 2;

try {
  // biome-ignore lint/style/noProcessEnv: not for settings, but for the options that npm has kept for itself
  const command = parseCommandLine(process.argv.slice(2), process.env);
  const sandbox = await startSandbox(command.options);
  const stop = () => {
    sandbox.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(name, stop);
  process.stdout.write(startupText(sandbox, command));
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
  } else {
    process.stderr.write(`sandbox: ${startErrorText(error)}\n`);
    process.exitCode = WRONG_USAGE;
  }
}
