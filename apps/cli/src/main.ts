import { loadSettings } from '@inventory/config';
import { runProcess } from '@inventory/process';
import type { WorkspaceOptions } from '@inventory/producer';
import { Command } from 'commander';
import { demo } from './demo/demo.ts';
import { start } from './start/start.ts';
import { token } from './token/token.ts';
import { verify } from './verify/verify.ts';

await runProcess((signal, end) => {
  const program = new Command('inventory').description('What is in a UserTesting account.');
  program
    .command('start')
    .description('The whole job: discover, classify, export; can be interrupted and started again at any time.')
    .option('--all', 'take all workspaces, without asking')
    .option('--workspace-uuid <uuid...>', 'take these workspaces')
    .addHelpText('after', '\nExample: npm start -- --workspace-uuid 5f0c…')
    .action(async (options: WorkspaceOptions) => {
      const settings = loadSettings({ needs: ['credentials'] });
      end(await start({ settings, options, signal, work: true }));
    });
  program
    .command('demo')
    .description('Runs the whole system against a simulated account: no credentials needed.')
    .action(async () => end(await demo(signal)));
  program
    .command('token')
    .description('Gets an access token and stores it in .env.')
    .option('--force', 'also when the current token is still valid')
    .action(async (options: { force?: boolean }) => {
      end(await token(loadSettings({ needs: ['credentials'] }), options));
    });
  program
    .command('verify')
    .description('Checks the state files; exits with 0 or 1.')
    .action(async () => end(await verify(loadSettings())));
  return program;
});
