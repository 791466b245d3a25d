import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram, startProgram } from '../support/program.ts';
import type { SandboxProcess } from './sandbox-process.ts';

export interface OurWayOptions {
  readonly sandbox: SandboxProcess;
  /** Where the embedded Redis of the benchmark is. */
  readonly dataDir: string;
  readonly intervalMs: number;
  readonly workers: number;
}

/** The library by this program: one producer, so many worker processes, one exporter. Ends when all is exported. */
export async function ourWay({ sandbox, dataDir, intervalMs, workers }: OurWayOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'inventory-bench-'));
  const settings = {
    ...sandbox.settings,
    QUEUE_PREFIX: `{bench-${randomUUID()}}`,
    CLASSIFY_BY: 'probe',
    REQUEST_INTERVAL_MS: String(intervalMs),
    STATE_DIR: join(folder, 'state'),
    DATA_DIR: dataDir,
    LOG_LEVEL: 'info',
    LOG_FORMAT: 'json',
  };
  const running = Array.from({ length: workers }, () => startProgram('worker', [], settings));
  try {
    await Promise.all(running.map((worker) => worker.said('ready for tests')));
    await runProgram('producer', ['--all'], settings);
    const total = (await sandbox.library()).length;
    const classified = () => running.map(({ stderr }) => stderr().split('"classified"').length - 1);
    const sum = () => classified().reduce((all, one) => all + one, 0);
    while (sum() < total) await new Promise((next) => setTimeout(next, 100));
  } finally {
    for (const worker of running) worker.kill('SIGTERM');
    await Promise.all(running.map(({ ended }) => ended));
    await rm(folder, { recursive: true, force: true });
  }
}
