import { randomUUID } from 'node:crypto';
import { type RunningBoard, startBoard } from '@inventory/board';
import type { Checkpoints, StartedRun } from '@inventory/checkpoints';
import type { Category } from '@inventory/classification';
import { loadSettings } from '@inventory/config';
import { Pace, TestQueue } from '@inventory/queue';
import { openRuntime, type Runtime } from '@inventory/runtime';
import { inject } from 'vitest';

/** A test as a listing shows it; with a category it is decided by the listing. */
interface ListedTest {
  readonly uuid: string;
  readonly title?: string;
  readonly orderedAt?: string;
  readonly category?: Category;
}

/** A board on a free port, over checkpoints of its own. */
export interface TestBoard {
  readonly url: string;
  readonly board: RunningBoard;
  readonly runtime: Runtime;
  readonly checkpoints: Checkpoints;
  readonly queue: TestQueue;
  readonly run: StartedRun;
  /** Lists tests in a workspace, as the producer does; they are open unless they have a category. */
  list(tests: readonly ListedTest[], workspace?: string, position?: number): Promise<void>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** The body of an answer, which has to be JSON. */
  json(path: string): Promise<ReturnType<typeof JSON.parse>>;
}

/** @param env settings by their names in the environment */
export async function openTestBoard(
  afterTest: (work: () => Promise<void>) => void,
  env: Readonly<Record<string, string>> = {},
): Promise<TestBoard> {
  const own = { ENV_FILE: 'none', LOG_LEVEL: 'silent', BOARD_PORT: '0' };
  const place = { REDIS_URL: env['REDIS_URL'] ?? inject('redisUrl'), QUEUE_PREFIX: `{${randomUUID()}}` };
  const settings = loadSettings({ needs: ['board'], env: { ...own, ...place, ...env } });
  const runtime = await openRuntime({ settings, name: 'board' });
  const { checkpoints } = runtime;
  const board = await startBoard({ runtime, lookEveryMs: 20 });
  const queue = new TestQueue(runtime.keyspace, new Pace(runtime.keyspace, 0));
  afterTest(async () => {
    await queue.close();
    await board.stop();
    await runtime.close();
  });
  await checkpoints.import.ensureInUse(async () => undefined);
  const run = await checkpoints.runs.start('all');
  const get: TestBoard['get'] = (path, headers = {}) => fetch(`${board.url}${path}`, { headers });
  return {
    url: board.url,
    board,
    runtime,
    checkpoints,
    queue,
    run,
    async list(tests, workspace = 'w', position = 0) {
      const page = tests.map(({ uuid, category, ...listing }) => ({
        uuid,
        listing,
        declared: category === undefined ? null : { category, rule: 'declared-X', source: 'declared' as const },
      }));
      const { id, joinedAt } = run;
      await checkpoints.listing.savePage({ run: id, joinedAt, workspace, position, probe: true, tests: page });
    },
    get,
    json: async (path) => JSON.parse(await (await get(path)).text()),
  };
}
