import { loadSettings } from '@inventory/config';
import { Command } from 'commander';
import { printAnswer } from '../answer/print-answer.ts';
import type { CommandContext } from '../command-context.ts';
import { status } from './status.ts';

/** `npm run status`. */
export function statusCommand({ end }: CommandContext): Command {
  return new Command('status')
    .summary('how things stand')
    .description('How things stand: tests by type, progress, workers, limits, token, errors. Needs no credentials.')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample: npm run status')
    .action(async (options: { json?: boolean }) => end(printAnswer(await status(loadSettings()), options)));
}
