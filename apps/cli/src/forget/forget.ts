import type { LoadedSettings } from '@inventory/config';
import { writeOnce } from '@inventory/exporter';
import { exitCode, openQueue, openRuntime, type Runtime, UsageError } from '@inventory/runtime';
import { StateDir } from '@inventory/state-files';
import type { Answer } from '../answer/answer.ts';
import { countOf } from '../answer/count-of.ts';
import { unresolvedLines } from '../find-test/unresolved-lines.ts';
import { forgetChosen } from './forget-chosen.ts';
import { checkForgetOptions, type ForgetOptions } from './forget-options.ts';

export interface ForgetParts {
  readonly settings: LoadedSettings;
  readonly options: ForgetOptions;
  /** Asks whether to go on; null where nobody can be asked. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
}

/**
 * Removes tests from the checkpoints, the queue and the state files, so that the next run looks again.
 * @returns code 1 when a test was not known, 130 when the question was not answered with yes
 * @throws UsageError, StateDirError when the files cannot be written (the checkpoints have forgotten then)
 */
export async function forget({ settings, options, confirm }: ForgetParts): Promise<Answer> {
  checkForgetOptions(options);
  if (options.all && !options.yes && confirm === null) {
    throw new UsageError('Without a terminal --all needs --yes: everything that is known would be forgotten.');
  }
  const runtime = await openRuntime({ settings, name: 'forget' });
  try {
    await new StateDir(settings).assertOwn();
    await runtime.fill();
    if (options.all && !options.yes && !(await confirm?.(await question(runtime)))) {
      return { code: exitCode.interrupted, lines: ['Nothing was forgotten.'], json: { forgotten: [], unknown: [] } };
    }
    const { forgotten, unknown } = await forgetChosen(runtime, options);
    const tests = forgotten.filter(({ key }) => !key.startsWith('workspace:')).map(({ key }) => key);
    await freeQueue(
      runtime,
      forgotten.filter(({ wasOpen }) => wasOpen).map(({ key }) => key),
    );
    await writeOnce(runtime);
    const lines = [
      tests.length === 0
        ? 'No test was forgotten.'
        : `${countOf(tests.length, 'test')} forgotten; the next run looks again.`,
      ...unknown.flatMap(unresolvedLines),
    ];
    return {
      code: unknown.length === 0 ? exitCode.done : exitCode.partial,
      lines,
      json: { forgotten: tests, unknown },
    };
  } finally {
    await runtime.close();
  }
}

async function question({ checkpoints }: Runtime): Promise<string> {
  const { tests } = await checkpoints.inventory.totals();
  return `Forget all ${countOf(tests, 'test')} of ${checkpoints.prefix}, and empty the state files?`;
}

/** Jobs without anything to do would use up turns of the limit. */
async function freeQueue(runtime: Runtime, uuids: readonly string[]): Promise<void> {
  if (uuids.length === 0) return;
  const { queue } = openQueue(runtime);
  await queue.drop(uuids).finally(() => queue.close());
}
