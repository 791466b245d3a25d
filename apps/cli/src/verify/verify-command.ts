import { loadSettings } from '@inventory/config';
import { Command } from 'commander';
import { printAnswer } from '../answer/print-answer.ts';
import type { CommandContext } from '../command-context.ts';
import { verify } from './verify.ts';

/** `npm run verify`. */
export function verifyCommand({ end }: CommandContext): Command {
  return new Command('verify')
    .summary('checks the state files')
    .description('Checks the state files; exits with 0 or 1.')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample: npm run verify')
    .action(async (options: { json?: boolean }) => end(printAnswer(await verify(loadSettings()), options)));
}
