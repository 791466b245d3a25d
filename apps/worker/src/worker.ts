import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { loadSettings } from '@inventory/config';
import { WorkCounts } from '@inventory/metrics';
import { DelayedJobs, OpenTests, type Pace, startSlots, type TestQueue } from '@inventory/queue';
import {
  aborted,
  type CommandContext,
  type ExitCode,
  exitCode,
  openAccount,
  openRuntime,
  type Runtime,
} from '@inventory/runtime';
import {
  ApiError,
  createResultsClient,
  type ResultsClient,
  type TokenKeeper,
  TransientError,
} from '@inventory/usertesting';
import { Command } from 'commander';
import { guardedActivation } from './activate.ts';
import type { ActivationContext } from './context.ts';

export interface StartWorkerOptions {
  readonly runtime: Runtime;
  readonly pace: Pace;
  readonly queue: TestQueue;
  readonly tokens: TokenKeeper;
  /** Role shown by `status`: `worker`, or the command that works itself. */
  readonly role: string;
  /** Id of the run that the command works for; without it the process works for all. */
  readonly run?: string;
  /** Called when this process cannot continue, though others may. */
  readonly giveUp: (error: Error) => void;
}

/** A worker at work. `stop` lets requests in flight end and gives their jobs back. */
export interface RunningWorker extends AsyncDisposable {
  stop(): Promise<void>;
}

const heartbeat = 5_000;
const hour = 3_600_000;

/**
 * Starts the slots of one process on the queue: registers the process, sets the limit, and enqueues again
 * the tests whose jobs were lost.
 */
export async function startWorker(options: StartWorkerOptions): Promise<RunningWorker> {
  const { runtime, pace, queue, tokens, giveUp } = options;
  const { settings, logger, keyspace, checkpoints } = runtime;
  const counts = new WorkCounts(keyspace, logger);
  const results = createResultsClient({
    baseUrl: settings.apiBaseUrl,
    proxy: settings.apiProxy,
    notFoundBody: settings.notFoundBody,
    requestTimeoutMs: settings.requestTimeoutMs,
  });
  const context: ActivationContext = {
    checkpoint: checkpoints.test,
    controls: checkpoints.controls,
    pace,
    tokens,
    results: countedResults(results, counts),
    counts,
    logger,
    secrets: runtime.secrets,
    stepRetries: settings.stepRetries,
    requestTimeoutMs: settings.requestTimeoutMs,
    provisionalMs: settings.provisionalHours * hour,
    refusalLimitMs: hour,
    holdForAuth: () => queue.hold('auth'),
    enqueue: (uuids) => queue.enqueue(uuids.map((uuid) => ({ uuid, why: 'new' }))),
    giveUp,
  };
  await checkpoints.controls.seed();
  const registration = await register(options);
  const slots = startSlots({
    keyspace,
    pace,
    slots: settings.workerSlots,
    logger,
    activate: (testUuid, grantedAt) => guardedActivation(context, testUuid, grantedAt),
    onNewerJob: () => giveUp(new Error('A newer version of this program is working on this queue: update this one.')),
  });
  const stop = async (): Promise<void> => {
    await slots.close();
    await counts.written();
    await registration.end();
    results.close();
  };
  return { stop, [Symbol.asyncDispose]: stop };
}

/** Keeps the process on the list of those at work, and looks after the queue on the same beat. */
async function register({ runtime, pace, queue, role, run }: StartWorkerOptions): Promise<{ end(): Promise<void> }> {
  const { settings, logger, keyspace, checkpoints } = runtime;
  const openTests = new OpenTests(checkpoints.inventory, queue);
  const delayed = new DelayedJobs(keyspace);
  const id = randomUUID();
  const { workerSlots: slots, requestIntervalMs: intervalMs } = settings;
  const self = { role, host: hostname(), pid: process.pid, slots, intervalMs, ...(run !== undefined && { run }) };
  let inForce = intervalMs;
  let held: string | null = null;
  const beat = async (): Promise<void> => {
    const longest = await pace.attach(id, self);
    if (longest !== inForce) logger.info({ intervalMs: longest }, 'the longest interval of all workers is in force');
    inForce = longest;
    const reason = await queue.held();
    if (reason !== null && reason !== held) logger.warn({ reason }, 'the queue is paused: waiting');
    held = reason;
    await delayed.shorten();
    const { runs, totals } = await checkpoints.reconcile({ when: 'beat', classifyBy: settings.classifyBy });
    if (runs > 0 || totals) logger.warn('Redis has lost a part of its data: the totals were counted again');
    await openTests.requeue();
  };
  await beat();
  const timer = setInterval(() => {
    beat().catch((error: unknown) => logger.warn({ error: String(error) }, 'heartbeat failed'));
  }, heartbeat);
  return {
    async end() {
      clearInterval(timer);
      await pace.detach(id);
    },
  };
}

/** A client that asks as the given one does, and counts each request with its status and its duration. */
export function countedResults(results: ResultsClient, counts: WorkCounts): ResultsClient {
  return {
    async ask(probe, target, token, signal) {
      const startedAt = performance.now();
      const ended = (status: number | string): void => {
        counts.requestEnded({ probe, status, ms: performance.now() - startedAt });
      };
      try {
        const answer = await results.ask(probe, target, token, signal);
        ended(answer.outcome === 'present' ? 200 : 404);
        return answer;
      } catch (error) {
        if (error instanceof ApiError && wasSent(error)) ended(error.status ?? error.type);
        throw error;
      }
    },
    close: () => results.close(),
  };
}

/** An id that fits into no address is refused before anything is sent. */
function wasSent(error: ApiError): boolean {
  return error.status !== null || error instanceof TransientError;
}

/** `npm run worker`. */
export function workerCommand({ signal, end }: CommandContext): Command {
  return new Command('worker')
    .description('Classifies the enqueued tests until it is stopped; start as many as you like.')
    .action(async () => end(await worker(signal)));
}

async function worker(signal: AbortSignal): Promise<ExitCode> {
  const settings = loadSettings({ needs: ['credentials'] });
  await using runtime = await openRuntime({ settings, name: 'worker', signal });
  await runWorker({ runtime, role: 'worker', signal });
  return exitCode.done;
}

interface RunWorkerOptions extends Pick<StartWorkerOptions, 'runtime' | 'role'> {
  readonly signal: AbortSignal;
}

/** Works until the signal, then finishes the requests in flight. Rejects when the worker gives up. */
export async function runWorker({ runtime, role, signal }: RunWorkerOptions): Promise<void> {
  const { settings, logger } = runtime;
  await using account = openAccount(runtime, signal);
  account.tokens.start();
  let giveUp: (error: Error) => void = () => undefined;
  const gaveUp = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  {
    await using _running = await startWorker({ runtime, ...account, role, giveUp });
    logger.info({ slots: settings.workerSlots, intervalMs: settings.requestIntervalMs }, 'ready for tests');
    await Promise.race([aborted(signal), gaveUp]);
    logger.info('stopping when the requests in progress have ended; a second signal stops at once');
  }
  logger.info('stopped; unfinished tests went back to the queue');
}
