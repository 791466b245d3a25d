import type { LastStart } from './carry-out.ts';
import { isSessionless } from './check-requests.ts';
import type { Checks } from './evidence.ts';
import { type Plan, takesBack } from './plan.ts';
import { timeOfRedis } from './watch.ts';
import type { StateFiles } from './world.ts';

/** A failure that was under way when the faults ended is recorded a little later. */
const graceMs = 3_000;

export const checksOfResults: Checks = {
  'every test in the right file, once, with the right type and workspace'({ run, files }) {
    if (files === null) return ['the state files cannot be read'];
    const expected = run.world.account.expected();
    return [...differences('utz', files, expected), ...differences('classic', files, expected)];
  },

  'state files whole at every look, and no record gone that was not taken back'({ run, fileProblems }) {
    const mayLose = takesBack(run.plan);
    return fileProblems.filter((problem) => !(mayLose && problem.includes('has lost')));
  },

  'an outage fails hardly any test, a forgetful API holds the queue': ({ run }) => run.problems,

  /** The planned errors while they are there, and none after the repair; with the exit code for that. */
  'errors complete, and gone after the repair'({ run, ending, files }) {
    const { broken, repaired, calmAt } = ending;
    const found = broken.slice(-1).flatMap((start) => differencesFromPlan(run.plan, start));
    const last = repaired.at(-1);
    if (last?.code !== 0) found.push(`the last start --all ended with ${last?.code} instead of 0`);
    if (Object.keys(files?.errors ?? {}).length > 0) {
      found.push(`errors.json is not empty in the end: ${JSON.stringify(files?.errors)}`);
    }
    for (const { code, errors } of repaired.slice(0, -1)) {
      const late = Object.values(errors).filter(
        (error) => timeOfRedis(Number('at' in error ? error.at : 0)) > calmAt + graceMs,
      );
      if (late.length > 0) found.push(`errors without a fault: ${JSON.stringify(late)}`);
      if (Object.keys(errors).length === 0) found.push(`start --all ended with ${code} and recorded nothing`);
    }
    return found;
  },

  /** And no job has failed. Without sessions a test is decided in each run; what is taken back is decided again. */
  'no test open, none decided twice'({ run, contents }) {
    const { prefix, account } = run.world;
    const sizeOf = (name: string): number => Object.keys(contents[`${prefix}:${name}`] ?? {}).length;
    const found: string[] = [];
    if (sizeOf('open') > 0) found.push(`${sizeOf('open')} tests are still open`);
    if (sizeOf('classify:failed') > 0) found.push(`${sizeOf('classify:failed') / 2} jobs have failed`);
    if (contents[`${prefix}:held`] !== undefined) found.push(`the queue is held: ${contents[`${prefix}:held`]}`);
    if (takesBack(run.plan)) return found;
    const uuids = streamOf(contents[`${prefix}:decided`])
      .map(({ field }) => field('test'))
      .filter((uuid) => !isSessionless(account.sandbox.library.test(uuid)));
    const twice = new Set(uuids.filter((uuid, index) => uuids.indexOf(uuid) !== index));
    return [...found, ...[...twice].map((uuid) => `${uuid} was decided twice`)];
  },

  /**
   * A test is new once at most, each change begins where the one before it ended, and the last one leads to the verdict.
   * Not where Redis lost half of an act, or a key of its own.
   */
  'changes without a gap'({ run, contents }) {
    if (run.plan.events.some(({ trouble: { kind } }) => kind === 'aof' || kind === 'lost-key')) return [];
    const { prefix } = run.world;
    const verdicts = (contents[`${prefix}:verdicts`] ?? {}) as Readonly<Record<string, string>>;
    const found: string[] = [];
    const known = new Set<string>();
    const ends = new Map<string, string>();
    for (const { id, field } of streamOf(contents[`${prefix}:changes`])) {
      const [test, change, from] = [field('test'), field('kinds').split(','), field('from')];
      if (change.includes('new') && known.has(test)) found.push(`${test} is new again at ${id}`);
      if (change.includes('new')) known.add(test);
      if (!change.some((kind) => ['classified', 'type_changed', 'withdrawn'].includes(kind))) continue;
      const before = ends.get(test) ?? from;
      if (before !== from) found.push(`${test} goes on from '${from}' at ${id}, not '${before}'`);
      ends.set(test, field('to'));
    }
    for (const [test, end] of ends) {
      const { category = '' } = JSON.parse(verdicts[test] ?? '{}') as { readonly category?: string };
      if (category !== end) found.push(`the changes of ${test} lead to '${end}', its verdict is '${category}'`);
    }
    return found;
  },
};

/** The entries of a stream, oldest first. */
function streamOf(content: unknown) {
  const entries = (content ?? []) as readonly [id: string, fields: readonly string[]][];
  return entries.map(([id, fields]) => ({ id, field: (name: string) => fields[fields.indexOf(name) + 1] ?? '' }));
}

type ListName = 'utz' | 'classic';

function differences(name: ListName, files: StateFiles, expected: Pick<StateFiles, ListName>): string[] {
  const found = files[name].map((record) => JSON.stringify(record));
  const wanted = expected[name].map((record) => JSON.stringify(record));
  if (found.join('\n') === wanted.join('\n')) return [];
  const twice = found.filter((record, index) => found.indexOf(record) !== index);
  const problems = [...missingOrExtra(name, found, wanted), ...twice.map((record) => `${name} has twice ${record}`)];
  return problems.length > 0 ? problems : [`${name} is in another order`];
}

function differencesFromPlan({ permanent }: Plan, { code, errors }: LastStart): string[] {
  const found = Object.entries(errors).map(([uuid, { type, status }]) => `${uuid} ${type} ${status}`);
  const planned = permanent.map(({ testUuid, expected }) => `${testUuid} ${expected.type} ${expected.status}`);
  return [
    ...(code === 1 ? [] : [`start --all ended with ${code} instead of 1 with permanent faults`]),
    ...missingOrExtra('errors.json', found, planned),
  ];
}

function missingOrExtra(name: string, found: readonly string[], wanted: readonly string[]): string[] {
  const missing = wanted.filter((line) => !found.includes(line)).map((line) => `${name} lacks ${line}`);
  return [...missing, ...found.filter((line) => !wanted.includes(line)).map((line) => `${name} has ${line}`)];
}
