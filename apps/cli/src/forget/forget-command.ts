import { loadSettings } from '@inventory/config';
import { Command } from 'commander';
import { printAnswer } from '../answer/print-answer.ts';
import type { CommandContext } from '../command-context.ts';
import { confirm } from './confirm.ts';
import { forget } from './forget.ts';

/** `npm run forget`. */
export function forgetCommand({ signal, end }: CommandContext): Command {
  return new Command('forget')
    .summary('removes tests, so that the next run looks again')
    .description('Removes tests from checkpoints, queue and state files, so that the next run looks again.')
    .argument('[test-uuid...]', 'the tests to forget')
    .option('--workspace-uuid <uuid...>', 'all tests of these workspaces')
    .option('--all', 'all tests, after a question')
    .option('--yes', 'with --all: without the question')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample: npm run forget -- 5f0c1e2a-0000-4000-8000-000000000000')
    .action(
      async (
        testUuids: string[],
        { json = false, ...options }: { workspaceUuid?: string[]; all?: boolean; yes?: boolean; json?: boolean },
      ) => {
        const terminal = process.stdin.isTTY === true && process.stderr.isTTY === true;
        const ask = (question: string): Promise<boolean> => confirm(question, signal);
        const parts = { settings: loadSettings(), options: { testUuids, ...options }, confirm: terminal ? ask : null };
        end(printAnswer(await forget(parts), { json }));
      },
    );
}
