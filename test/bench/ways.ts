import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Checkpoints } from '@inventory/checkpoints';
import {
  type Category,
  type Evidence,
  type NextStep,
  nextStep,
  type ProbeName,
  testTypeOf,
  tutorialRules,
} from '@inventory/classification';
import { Keyspace, type RedisClient } from '@inventory/redis';
import { Queue, Worker } from 'bullmq';
import { startProcess } from '../support/program.ts';
import type { SandboxProcess } from './sandbox-process.ts';

export interface ProgramWayOptions {
  readonly sandbox: SandboxProcess;
  readonly client: RedisClient;
  readonly prefix: string;
  /** Where the embedded Redis of the benchmark is. */
  readonly dataDir: string;
  readonly intervalMs: number;
  readonly workers: number;
}

/** A request of one of the ways that this program is compared with. */
export type Ask = (path: string) => Promise<{ status: number; body: string }>;

/**
 * The library probed by this program: one producer and so many worker processes, which are ready before.
 * @returns time from the start of the producer until every test has its outcome, ms
 */
export async function programWay(options: ProgramWayOptions): Promise<number> {
  const { sandbox, client, prefix, dataDir, intervalMs, workers } = options;
  const settings = {
    ...sandbox.settings,
    QUEUE_PREFIX: prefix,
    CLASSIFY_BY: 'probe',
    REQUEST_INTERVAL_MS: String(intervalMs),
    DATA_DIR: dataDir,
    LOG_LEVEL: 'info',
    LOG_FORMAT: 'json',
  };
  const { inventory } = await Checkpoints.open(new Keyspace(client, prefix));
  const running = Array.from({ length: workers }, () => startProcess('worker', [], settings));
  try {
    await Promise.all(running.map((worker) => worker.said('ready for tests')));
    const startedAt = performance.now();
    const { code, stdout, stderr } = await startProcess('producer', ['--all'], settings).ended;
    if (code !== 0) throw new Error(`the producer ended with ${code}:\n${stdout}\n${stderr}`);
    while ((await inventory.totals()).open > 0) await sleep(20);
    return performance.now() - startedAt;
  } finally {
    for (const worker of running) worker.kill('SIGTERM');
    await Promise.all(running.map(({ ended }) => ended));
  }
}

/**
 * The tutorial's way: one request after the other, a whole interval of sleep after each answer, and the lists written
 * anew for each test.
 * @param folder for its lists; without one nothing is kept
 */
export async function scriptWay(sandbox: SandboxProcess, intervalMs: number, folder?: string): Promise<void> {
  const ask = await openApi(sandbox);
  const paced: Ask = async (path) => {
    const answer = await ask(path);
    if (intervalMs > 0) await sleep(intervalMs);
    return answer;
  };
  for (const { uuid, workspaces } of await sandbox.library()) {
    const category = await classifyOne(paced, uuid);
    if (folder === undefined) continue;
    const path = join(folder, category === 'ClassicUT' ? 'classicut_tests.json' : 'utz_tests.json');
    const item: ScriptItem = { test_uuid: uuid, workspace_uuid: workspaces.at(-1) ?? '', workspace_name: 'Workspace' };
    await changeList(path, (items) => [...items, item]);
    const type = testTypeOf(category);
    if (type === undefined) continue;
    await changeList(path, (items) => {
      const found = items.find(({ test_uuid }) => test_uuid === uuid);
      if (found) found.test_type = type;
      return items;
    });
  }
}

/**
 * What one would write first with BullMQ: a limiter of 10 jobs per window and one job per test, which asks all it
 * has to. The limiter counts jobs, not requests, and lets them start in bursts.
 */
export async function limiterWay(sandbox: SandboxProcess, connection: RedisClient, intervalMs: number): Promise<void> {
  const ask = await openApi(sandbox);
  const name = 'limiter-way';
  const options = { connection, prefix: `{bench-${randomUUID()}}` };
  const queue = new Queue(name, options);
  const tests = await sandbox.library();
  await queue.addBulk(tests.map(({ uuid }) => ({ name: 'test', data: { uuid } })));
  const worker = new Worker<{ uuid: string }>(name, async ({ data }) => void (await classifyOne(ask, data.uuid)), {
    ...options,
    concurrency: 10,
    limiter: { max: 10, duration: 10 * intervalMs },
  });
  await new Promise<void>((resolve) => {
    let left = tests.length;
    worker.on('completed', () => {
      left -= 1;
      if (left === 0) resolve();
    });
  });
  await worker.close();
  await queue.close();
}

/** Gets a token as the tutorial does. */
export async function accessTokenOf({ settings }: Pick<SandboxProcess, 'settings'>): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: settings['CLIENT_ID'] ?? '',
    client_secret: settings['CLIENT_SECRET'] ?? '',
    scope: 'studies:read',
  });
  const answer = await fetch(settings['TOKEN_URL'] ?? '', { method: 'POST', body: form });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** Requests to the Results API of a sandbox. */
export async function openApi(sandbox: Pick<SandboxProcess, 'settings'>): Promise<Ask> {
  const headers = { authorization: `Bearer ${await accessTokenOf(sandbox)}` };
  return async (path) => {
    const response = await fetch(`${sandbox.settings['API_BASE_URL']}${path}`, { headers });
    return { status: response.status, body: await response.text() };
  };
}

/** Asks what the tutorial asks about one test, one request after the other. */
async function classifyOne(ask: Ask, testUuid: string): Promise<Category> {
  let evidence: Evidence = {};
  for (;;) {
    const step = nextStep(evidence, tutorialRules);
    if (step.kind === 'decided') return step.rule.category;
    evidence = { ...evidence, ...(await askOne(ask, testUuid, step)) };
  }
}

/** Sends the request of a step. @returns its answer as evidence */
export async function askOne(ask: Ask, testUuid: string, step: Extract<NextStep, { kind: 'ask' }>): Promise<Evidence> {
  const { status, body } = await ask(pathOf(step.probe, testUuid, step.sessionId));
  const isList = step.probe === 'sessions' && status === 200;
  const sessionId = isList ? (JSON.parse(body).sessions[0]?.sessionId ?? null) : null;
  return { [step.probe]: { outcome: status === 200 ? 'present' : 'absent', at: 0, sessionId } };
}

function pathOf(probe: ProbeName, testUuid: string, sessionId: string | null): string {
  const paths: Readonly<Record<ProbeName, string>> = {
    sessions: `/api/v2/sessionResults?testId=${testUuid}&offset=0&limit=10`,
    video: `/api/v2/sessionResults/${sessionId}/videoDownloadUrl`,
    qx: `/api/v2/testResults/${testUuid}/qxScores`,
    transcript: `/api/v2/sessionResults/${sessionId}/transcript`,
  };
  return paths[probe];
}

interface ScriptItem {
  readonly test_uuid: string;
  readonly workspace_uuid: string;
  readonly workspace_name: string;
  test_type?: string;
}

/** The tutorial's way of keeping results: each change reads a list, searches it, and writes all of it again. */
async function changeList(path: string, change: (items: ScriptItem[]) => ScriptItem[]): Promise<void> {
  const items = change(JSON.parse(await readFile(path, 'utf8').catch(() => '[]')));
  const seen = new Set<string>();
  const once = items.filter(({ test_uuid }) => !seen.has(test_uuid) && seen.add(test_uuid));
  await writeFile(path, JSON.stringify(once, null, 2));
}
