import { loadSettings } from '@inventory/config';
import { Command } from 'commander';
import { printAnswer } from '../answer/print-answer.ts';
import type { CommandContext } from '../command-context.ts';
import { token } from './token.ts';

/** `npm run token`. */
export function tokenCommand({ end }: CommandContext): Command {
  return new Command('token')
    .summary('gets an access token')
    .description('Gets an access token and stores it in .env.')
    .option('--force', 'also when the current token is still valid')
    .option('--json', 'print one JSON object; the token itself is never printed')
    .addHelpText('after', '\nExample: npm run token -- --force')
    .action(async (options: { force?: boolean; json?: boolean }) => {
      end(printAnswer(await token(loadSettings({ needs: ['credentials'] }), options), options));
    });
}
