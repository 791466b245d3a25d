import { Command } from 'commander';
import { printAnswer } from '../answer/print-answer.ts';
import type { CommandContext } from '../command-context.ts';
import { doctor } from './doctor.ts';

/** `npm run doctor`. */
export function doctorCommand({ end }: CommandContext): Command {
  return new Command('doctor')
    .summary('checks settings, clock, credentials, Redis, folders')
    .description('Checks settings, clock, credentials, Redis and folders, and says what to do. Prints no secret.')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample: npm run doctor')
    .action(async (options: { json?: boolean }) => end(printAnswer(await doctor(), options)));
}
