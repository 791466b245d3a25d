import { loadSettings } from '@inventory/config';
import type { WorkspaceOptions } from '@inventory/producer';
import { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { start } from './start.ts';

/** `npm start`. */
export function startCommand({ signal, end }: CommandContext): Command {
  return new Command('start')
    .summary('the whole job; can be interrupted and started again')
    .description('The whole job: discover, classify, export; can be interrupted and started again at any time.')
    .option('--all', 'take all workspaces, without asking')
    .option('--workspace-uuid <uuid...>', 'take these workspaces')
    .addHelpText('after', '\nExample: npm start -- --workspace-uuid 5f0c…')
    .action(async (options: WorkspaceOptions) => {
      const settings = loadSettings({ needs: ['credentials'] });
      end(await start({ settings, options, signal, work: true }));
    });
}
