import type { LoadedSettings } from '@inventory/config';
import { exitCode, openRuntime } from '@inventory/runtime';
import type { Answer } from '../answer/answer.ts';
import { resolveTest } from '../find-test/resolve-test.ts';
import { unresolvedLines } from '../find-test/unresolved-lines.ts';
import { explainJson } from './explain-json.ts';
import { explainLines } from './explain-lines.ts';

/** Why tests are what they are. @param words UUIDs, or the first characters of one @returns code 1 when one is unknown */
export async function explain(settings: LoadedSettings, words: readonly string[]): Promise<Answer> {
  const runtime = await openRuntime({ settings, name: 'explain' });
  try {
    const { checkpoints } = runtime;
    const workspaces = await checkpoints.listing.workspaces();
    const lines: string[] = [];
    const tests: object[] = [];
    const unknown: object[] = [];
    for (const word of words) {
      const resolved = await resolveTest(checkpoints, word, { byStart: true });
      if (lines.length > 0) lines.push('');
      if (resolved.kind === 'found') {
        const { record } = resolved;
        const workspace = workspaces.get(record.listing?.workspace ?? '') ?? null;
        lines.push(...explainLines(record, workspace));
        tests.push(explainJson(record, workspace));
      } else {
        lines.push(...unresolvedLines(resolved));
        unknown.push(resolved);
      }
    }
    return { code: unknown.length === 0 ? exitCode.done : exitCode.partial, lines, json: { tests, unknown } };
  } finally {
    await runtime.close();
  }
}
