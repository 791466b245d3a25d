import { type LoadedSettings, loadSettings } from '@inventory/config';
import { type CommandContext, exitCode } from '@inventory/runtime';
import { StateDir } from '@inventory/state-files';
import { Command } from 'commander';
import { type Answer, printAnswer } from './command.ts';

export function verifyCommand({ end }: CommandContext): Command {
  return new Command('verify')
    .description('Checks the state files; exits with 0 or 1.')
    .option('--json', 'print one JSON object')
    .action(async (options: { json?: boolean }) => end(printAnswer(await verify(loadSettings()), options)));
}

/** The verification checks of the state files, without Redis or the API. */
async function verify(settings: LoadedSettings): Promise<Answer> {
  const { lines, ...json } = await new StateDir(settings).verify();
  return {
    code: json.passed ? exitCode.done : exitCode.partial,
    lines,
    json: { stateDir: settings.stateDir, ...json },
  };
}
