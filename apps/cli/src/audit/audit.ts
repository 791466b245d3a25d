import { randomInt } from 'node:crypto';
import { type Checkpoints, phaseOf } from '@inventory/checkpoints';
import { type LoadedSettings, loadSettings } from '@inventory/config';
import { enqueueRun } from '@inventory/queue';
import {
  type Account,
  type CommandContext,
  exitCode,
  openAccount,
  openRuntime,
  type Runtime,
  resumeNotice,
  UsageError,
} from '@inventory/runtime';
import { startWorker } from '@inventory/worker';
import { Command, InvalidArgumentError } from 'commander';
import { type Answer, printAnswer } from '../command.ts';
import { barDisplay, lineDisplay, type ProgressDisplay, quiet } from '../display.ts';
import { watchRun } from '../start/watch-run.ts';
import { auditLines, compareAll } from './audit-report.ts';
import { sampleDeclared } from './sample.ts';

interface CommandOptions {
  readonly sample: number;
  readonly seed?: number;
  readonly json?: boolean;
}

const mostSampled = 10_000;

export function auditCommand({ signal, end }: CommandContext): Command {
  return new Command('audit')
    .description(
      'Probes a random sample of the tests whose type the listing declared, at the normal pace, and compares. No ' +
        'verdict changes. 50 tests take about a quarter of an hour; the same command resumes an interrupted audit.',
    )
    .option('--sample <n>', `how many tests, up to ${mostSampled}`, wholeNumber(1, mostSampled), 50)
    .option('--seed <n>', 'decides which tests; the same seed takes the same ones', wholeNumber(0, 2 ** 32))
    .option('--json', 'print one JSON object')
    .action(async ({ json = false, ...options }: CommandOptions) => {
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
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

export interface AuditOptions {
  readonly settings: LoadedSettings;
  /** How many tests to probe. */
  readonly sample: number;
  /** Decides which ones; by default that of an interrupted audit of this size, or a random one. */
  readonly seed?: number;
  readonly display: ProgressDisplay;
  readonly signal: AbortSignal;
}

/**
 * Probes a random sample of the tests that their listing declares, and compares. No verdict changes.
 * @returns null when it was interrupted; code 1 when tests disagree or gave no answer
 * @throws UsageError when the settings forbid requests to the Results API; what the account and the worker throw
 */
export async function audit({
  settings,
  sample: size,
  display,
  signal,
  ...more
}: AuditOptions): Promise<Answer | null> {
  if (settings.classifyBy === 'metadata') {
    throw new UsageError('CLASSIFY_BY=metadata forbids requests to the Results API: set auto or probe to audit.');
  }
  await using runtime = await openRuntime({ settings, name: 'audit', signal });
  await using account = openAccount(runtime, signal);
  const { checkpoints } = runtime;
  await runtime.fill();
  const seed = more.seed ?? (await interruptedSeed(checkpoints, size)) ?? randomInt(1_000_000);
  const { tests, population } = await sampleDeclared(checkpoints, size, seed);
  const uuids = tests.map(({ uuid }) => uuid);
  if (uuids.length > 0) {
    account.tokens.start();
    await account.tokens.current();
    await account.queue.release('auth');
    const selection = `${selectionOf(size)}${seed}`;
    if (!(await probeAll({ runtime, account, selection, uuids, display, signal }))) return null;
  }
  const audited = await checkpoints.known.audited(uuids);
  const comparison = compareAll(tests.map((test, index) => ({ test, audited: audited[index] ?? null })));
  const facts = { ...comparison, sample: tests.length, population, seed, rules: await checkpoints.rules() };
  const { disagrees, failed } = comparison.total;
  return { code: disagrees + failed === 0 ? exitCode.done : exitCode.partial, lines: auditLines(facts), json: facts };
}

/** The selection of an audit's run without its seed. */
function selectionOf(size: number): string {
  return `audit ${size} `;
}

async function interruptedSeed({ runs }: Checkpoints, size: number): Promise<number | null> {
  const latest = (await runs.list()).findLast(
    (run) => phaseOf(run) !== 'over' && run.selection.startsWith(selectionOf(size)),
  );
  return latest === undefined ? null : Number(latest.selection.slice(selectionOf(size).length));
}

interface ProbeOptions {
  readonly runtime: Runtime;
  readonly account: Account;
  /** The run's selection, by which an interrupted audit is found. */
  readonly selection: string;
  readonly uuids: readonly string[];
  readonly display: ProgressDisplay;
  readonly signal: AbortSignal;
}

/**
 * Probes tests at the normal pace, after everything else in the queue, with its own worker and all others.
 * @returns false when it was interrupted; the same audit resumes
 * @throws RunLostError, QueueHeldError, GaveUpError, CircuitOpenError, and what makes its worker give up
 */
async function probeAll({ runtime, account, selection, uuids, display, signal }: ProbeOptions): Promise<boolean> {
  const { checkpoints } = runtime;
  const { run } = await enqueueRun({
    runs: checkpoints.runs,
    queue: account.queue,
    selection,
    why: 'recheck',
    select: (id) => checkpoints.known.audit(id, uuids),
  });
  if (run.resumed) display.say(await resumeNotice(runtime, { id: run.id, what: 'audit' }));
  const failure = new AbortController();
  const giveUp = (error: Error): void => failure.abort(error);
  const worker = await startWorker({ runtime: quiet(runtime), ...account, role: 'audit', run: run.id, giveUp });
  try {
    await watchRun({
      runtime,
      account,
      display,
      run: run.id,
      listed: AbortSignal.abort(),
      signal: AbortSignal.any([signal, failure.signal]),
    });
  } finally {
    await worker.stop();
    display.end();
  }
  failure.signal.throwIfAborted();
  if (signal.aborted) return false;
  await checkpoints.runs.finish(run.id);
  return true;
}
