import { phaseOf, type RunRecord } from '@inventory/checkpoints';
import { type LoadedSettings, loadSettings } from '@inventory/config';
import {
  addWorkspaceOptions,
  checkWorkspaceOptions,
  chooseWorkspaces,
  type WorkspaceOptions,
} from '@inventory/producer';
import { readPaceStatus } from '@inventory/queue';
import { type CommandContext, exitCode, openListing, openRuntime, type Runtime } from '@inventory/runtime';
import { Command } from 'commander';
import { type Answer, printAnswer } from '../command.ts';
import { type ListedTests, listTests, readKnown } from './listed-tests.ts';
import { planJson, planLines } from './plan-report.ts';
import { planTests, planTime } from './plan-tests.ts';

export function planCommand({ signal, end }: CommandContext): Command {
  return addWorkspaceOptions(new Command('plan'))
    .description('What a run would do, and how long it would take. Sends no request to the Results API.')
    .option('--json', 'print one JSON object (takes all workspaces unless some are named)')
    .action(async ({ json = false, ...options }: WorkspaceOptions & { json?: boolean }) => {
      const settings = loadSettings({ needs: ['credentials'] });
      const terminal = !json && process.stdin.isTTY === true && process.stdout.isTTY === true;
      const counter = process.stderr.isTTY === true;
      const answer = await plan({
        settings,
        options,
        signal,
        terminal,
        onPage: (tests) => counter && process.stderr.write(`\rListing: ${tests.toLocaleString('en-US')} tests`),
      });
      if (counter) process.stderr.write('\r\u001b[K');
      end(answer === null ? exitCode.interrupted : printAnswer(answer, { json }));
    });
}

export interface PlanOptions {
  readonly settings: LoadedSettings;
  readonly options: WorkspaceOptions;
  readonly signal: AbortSignal;
  /** Whether a person at the terminal can be asked which workspaces to take. */
  readonly terminal: boolean;
  /** Called while it lists, with the number of tests so far. */
  readonly onPage: (tests: number) => void;
}

/**
 * What a run would do: lists everything and compares it with what is known. Sends no Results API request and changes
 * nothing but the access token.
 * @returns null when it was interrupted
 */
export async function plan({ settings, options, signal, terminal, onPage }: PlanOptions): Promise<Answer | null> {
  checkWorkspaceOptions(options);
  await using runtime = await openRuntime({ settings, name: 'plan' });
  const { listing } = openListing(runtime, signal);
  const workspaces = await listing.workspaces();
  const selection = await chooseWorkspaces(workspaces, options, { terminal, logger: runtime.logger });
  if (selection === null) return null;
  const listed = await listTests({ listing, selection, signal, onPage });
  return signal.aborted ? null : await compare(runtime, listed, selection.key);
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
    queuedElsewhere: totals.open - testsPlan.situations.interrupted,
    resumes: run !== null,
    held: pace.held,
    circuit: pace.circuit,
    now: pace.now,
  };
  const code = workspaces.some(({ error }) => error !== null) ? exitCode.partial : exitCode.done;
  return { code, lines: planLines(facts), json: planJson(facts) };
}

/** The interrupted run that a start with this selection would resume, or null. @param runs the latest last */
export function resumedRun(runs: readonly RunRecord[], selection: string): RunRecord | null {
  const latest = runs.findLast((run) => run.selection === selection);
  return latest === undefined || phaseOf(latest) === 'over' ? null : latest;
}
