import { loadSettings } from '@inventory/config';
import type { WorkspaceOptions } from '@inventory/producer';
import { exitCode } from '@inventory/runtime';
import { Command } from 'commander';
import { printAnswer } from '../answer/print-answer.ts';
import type { CommandContext } from '../command-context.ts';
import { plan } from './plan.ts';

/** `npm run plan`. */
export function planCommand({ signal, end }: CommandContext): Command {
  return new Command('plan')
    .summary('what a run would do, and how long it would take')
    .description('What a run would do, and how long it would take. Asks nothing of the Results API.')
    .option('--all', 'take all workspaces, without asking')
    .option('--workspace-uuid <uuid...>', 'take these workspaces')
    .option('--json', 'print one JSON object (takes all workspaces unless some are named)')
    .addHelpText('after', '\nExample: npm run plan -- --all')
    .action(async ({ json = false, ...options }: WorkspaceOptions & { json?: boolean }) => {
      const settings = loadSettings({ needs: ['credentials'] });
      const terminal = !json && process.stdin.isTTY === true && process.stdout.isTTY === true;
      const counter = process.stderr.isTTY === true;
      const answer = await plan({
        settings,
        options,
        signal,
        terminal,
        onPage: (tests) => counter && process.stderr.write(`\rListing: ${tests.toLocaleString('en-US')} tests`),
      });
      if (counter) process.stderr.write('\r\u001b[K');
      end(answer === null ? exitCode.interrupted : printAnswer(answer, { json }));
    });
}
