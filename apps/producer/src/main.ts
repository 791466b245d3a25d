import { loadSettings } from '@inventory/config';
import { type ExitCode, openAccount, openHome, runProcess } from '@inventory/process';
import { Command } from 'commander';
import { checkWorkspaceOptions, type WorkspaceOptions } from './choose-workspaces.ts';
import { enqueueLibrary } from './enqueue-library.ts';

await runProcess((signal, end) =>
  new Command('producer')
    .description('Discovers workspaces and tests, and enqueues the tests that need an outcome; then it ends.')
    .option('--all', 'take all workspaces, without asking')
    .option('--workspace-uuid <uuid...>', 'take these workspaces')
    .action(async (options: WorkspaceOptions) => end(await producer(options, signal))),
);

async function producer(options: WorkspaceOptions, signal: AbortSignal): Promise<ExitCode> {
  checkWorkspaceOptions(options);
  const settings = loadSettings({ needs: ['credentials'] });
  const home = await openHome({ settings, name: 'producer' });
  const account = openAccount(home);
  try {
    return await enqueueLibrary({ home, account, options, signal });
  } finally {
    await account.close();
    await home.close();
  }
}
