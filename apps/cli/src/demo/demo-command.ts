import { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { demo } from './demo.ts';

/** `npm run demo`. */
export function demoCommand({ signal, end }: CommandContext): Command {
  return new Command('demo')
    .summary('the whole system against a simulated account')
    .description('Runs the whole system against a simulated account: no credentials needed.')
    .addHelpText('after', '\nExample: npm run demo')
    .action(async () => end(await demo(signal)));
}
