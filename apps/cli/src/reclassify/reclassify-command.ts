import { ruleSetNames } from '@inventory/classification';
import { loadSettings } from '@inventory/config';
import { Command, Option } from 'commander';
import { printAnswer } from '../answer/print-answer.ts';
import type { CommandContext } from '../command-context.ts';
import { type ReclassifyOptions, reclassify } from './reclassify.ts';

/** `npm run reclassify`. */
export function reclassifyCommand({ end }: CommandContext): Command {
  return new Command('reclassify')
    .summary('judges what was probed by other rules')
    .description(
      'Judges what was probed by a set of rules, which is the one for all probes from then on. Stored answers are used ' +
        'without a request; tests that lack one are enqueued. Declared and imported tests stay as they are.',
    )
    .addOption(new Option('--rules <set>', 'the set of rules').choices(ruleSetNames).makeOptionMandatory())
    .option('--dry-run', 'only say what would change')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample: npm run reclassify -- --rules media-matrix --dry-run')
    .action(async (options: ReclassifyOptions & { json?: boolean }) =>
      end(printAnswer(await reclassify(loadSettings(), options), options)),
    );
}
