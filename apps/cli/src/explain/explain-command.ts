import { loadSettings } from '@inventory/config';
import { Command } from 'commander';
import { printAnswer } from '../answer/print-answer.ts';
import type { CommandContext } from '../command-context.ts';
import { explain } from './explain.ts';

/** `npm run explain`. */
export function explainCommand({ end }: CommandContext): Command {
  return new Command('explain')
    .summary('why a test is what it is')
    .description('Why a test is what it is: verdict, rule, and what each endpoint answered when.')
    .argument('<test-uuid...>', 'UUIDs of tests; the first characters do where they are enough')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample: npm run explain -- 5f0c1e2a')
    .action(async (uuids: string[], options: { json?: boolean }) =>
      end(printAnswer(await explain(loadSettings(), uuids), options)),
    );
}
