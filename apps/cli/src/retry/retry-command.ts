import { loadSettings } from '@inventory/config';
import { Command } from 'commander';
import { printAnswer } from '../answer/print-answer.ts';
import type { CommandContext } from '../command-context.ts';
import { retry } from './retry.ts';

/** `npm run retry`. */
export function retryCommand({ end }: CommandContext): Command {
  return new Command('retry')
    .summary('enqueues again what ended in errors')
    .description('Enqueues again what ended in errors, for the workers that are connected or come.')
    .argument('[test-uuid...]', 'only these tests; without any, all that ended in errors')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample: npm run retry')
    .action(async (uuids: string[], options: { json?: boolean }) =>
      end(printAnswer(await retry(loadSettings(), uuids), options)),
    );
}
