import { loadSettings } from '@inventory/config';
import { exitCode } from '@inventory/runtime';
import { Command, InvalidArgumentError } from 'commander';
import { printAnswer } from '../answer/print-answer.ts';
import type { CommandContext } from '../command-context.ts';
import { barDisplay } from '../progress/bar-display.ts';
import { lineDisplay } from '../progress/line-display.ts';
import { audit } from './audit.ts';

interface Options {
  readonly sample: number;
  readonly seed?: number;
  readonly json?: boolean;
}

const mostSampled = 10_000;

/** `npm run audit`. */
export function auditCommand({ signal, end }: CommandContext): Command {
  return new Command('audit')
    .summary('probes some of what the listing declared')
    .description(
      'Probes a random sample of the tests whose type the listing declared, at the normal pace, and compares. No ' +
        'verdict changes. 50 tests take about a quarter of an hour; interrupted, the same command goes on.',
    )
    .option('--sample <n>', `how many tests, up to ${mostSampled}`, wholeNumber(1, mostSampled), 50)
    .option('--seed <n>', 'decides which tests; the same seed takes the same ones', wholeNumber(0, 2 ** 32))
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample: npm run audit -- --sample 50')
    .action(async ({ json = false, ...options }: Options) => {
      const settings = loadSettings({ needs: ['credentials'] });
      const bar = process.stdout.isTTY === true && !json;
      const display = bar ? barDisplay(null) : lineDisplay((text) => process.stderr.write(text));
      const answer = await audit({ ...options, settings, display, signal });
      end(answer === null ? exitCode.interrupted : printAnswer(answer, { json }));
    });
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most && text.trim() !== '') return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };
}
