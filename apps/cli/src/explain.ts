import { type LoadedSettings, loadSettings } from '@inventory/config';
import { type CommandContext, exitCode, openRuntime } from '@inventory/runtime';
import { Command } from 'commander';
import { type Answer, printAnswer } from './command.ts';
import { explainJson, explainLines } from './explain-report.ts';
import { findTest, type MissedTest, missedLines } from './find-test.ts';

export function explainCommand({ end }: CommandContext): Command {
  return new Command('explain')
    .description('Why a test has its type: verdict, rule, and what each endpoint answered when.')
    .argument('<test-uuid...>', 'UUIDs of tests, or their first characters')
    .option('--json', 'print one JSON object')
    .action(async (uuids: string[], options: { json?: boolean }) =>
      end(printAnswer(await explain(loadSettings(), uuids), options)),
    );
}

/**
 * Explains the types of tests.
 * @param words UUIDs, or the first characters of one
 * @returns code 1 when a test is not known
 */
export async function explain(settings: LoadedSettings, words: readonly string[]): Promise<Answer> {
  await using runtime = await openRuntime({ settings, name: 'explain' });
  const { checkpoints } = runtime;
  const workspaces = await checkpoints.listing.workspaces();
  const blocks: string[][] = [];
  const tests: object[] = [];
  const unknown: MissedTest[] = [];
  for (const word of words) {
    const found = await findTest(checkpoints, word, { byStart: true });
    if (found.kind === 'found') {
      const { record } = found;
      const workspace = workspaces.get(record.listing?.workspace ?? '') ?? null;
      blocks.push(explainLines(record, workspace));
      tests.push(explainJson(record, workspace));
    } else {
      blocks.push(missedLines(found));
      unknown.push(found);
    }
  }
  const lines = blocks.flatMap((block, index) => (index === 0 ? block : ['', ...block]));
  return { code: unknown.length === 0 ? exitCode.done : exitCode.partial, lines, json: { tests, unknown } };
}
