import type { LoadedSettings } from '@inventory/config';
import { checkWorkspaceOptions, chooseWorkspaces, type WorkspaceOptions } from '@inventory/producer';
import { readPaceStatus } from '@inventory/queue';
import { type ExitCode, exitCode, openListing, openRuntime, type Runtime } from '@inventory/runtime';
import { circuitJson } from '@inventory/status';
import type { Answer } from '../answer/answer.ts';
import { type ListedTests, listTests } from './list-tests.ts';
import { planLines } from './plan-lines.ts';
import { planTests } from './plan-tests.ts';
import { planTime } from './plan-time.ts';
import { readKnown } from './read-known.ts';
import { resumedRun } from './resumed-run.ts';

export interface PlanOptions {
  readonly settings: LoadedSettings;
  readonly options: WorkspaceOptions;
  readonly signal: AbortSignal;
  /** Whether somebody can be asked which workspaces to take. */
  readonly terminal: boolean;
  /** Called while it lists, with the number of tests so far. */
  readonly onPage: (tests: number) => void;
}

/**
 * What a run would do: lists everything and compares it with what is known. Makes no Results API request and changes
 * nothing but the access token.
 * @returns null when it was interrupted
 */
export async function plan({ settings, options, signal, terminal, onPage }: PlanOptions): Promise<Answer | null> {
  checkWorkspaceOptions(options);
  const runtime = await openRuntime({ settings, name: 'plan' });
  try {
    const { listing } = openListing(runtime, signal);
    const workspaces = await listing.workspaces();
    const selection = await chooseWorkspaces(workspaces, options, { terminal, logger: runtime.logger });
    if (selection === null) return null;
    const listed = await listTests({ listing, selection, signal, onPage });
    return signal.aborted ? null : await compare(runtime, listed, selection.key);
  } finally {
    await runtime.close();
  }
}

async function compare(runtime: Runtime, { tests, workspaces }: ListedTests, selection: string): Promise<Answer> {
  const { checkpoints, settings, keyspace } = runtime;
  const [totals, runs, pace, toAskAgain] = await Promise.all([
    checkpoints.inventory.totals(),
    checkpoints.runs.list(),
    readPaceStatus(keyspace),
    checkpoints.known.unconfirmedToAsk(),
  ]);
  const run = resumedRun(runs, selection);
  const testsPlan = await planTests(readKnown(runtime, tests), {
    mix: totals.byRule,
    rules: totals.rules,
    classifyBy: settings.classifyBy,
    toAskAgain: run === null ? toAskAgain : 0,
    runStartedAt: run?.startedAt ?? null,
    now: pace.now,
  });
  const time = planTime(testsPlan.requests, settings.requestIntervalMs, pace, Date.now());
  const facts = {
    workspaces,
    tests: tests.size,
    plan: testsPlan,
    time,
    queuedElsewhere: totals.open - testsPlan.stands.interrupted,
    resumes: run !== null,
    held: pace.held,
    circuit: pace.circuit,
    now: pace.now,
  };
  const iso = (at: number): string => new Date(at).toISOString();
  const { endsAt } = time;
  const code: ExitCode = workspaces.some(({ error }) => error !== null) ? exitCode.partial : exitCode.done;
  const json = {
    ...facts,
    plan: undefined,
    now: undefined,
    circuit: circuitJson(pace.circuit),
    ...testsPlan,
    time: {
      ...time,
      endsAt: endsAt && { low: iso(endsAt.low), expected: iso(endsAt.expected), high: iso(endsAt.high) },
    },
  };
  return { code, lines: planLines(facts), json };
}
