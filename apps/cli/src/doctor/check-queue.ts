import type { LoadedSettings } from '@inventory/config';
import { readPaceStatus } from '@inventory/queue';
import { exitCode, openRuntime } from '@inventory/runtime';
import type { Finding } from './finding.ts';
import { judgeCheckpoints } from './judge-checkpoints.ts';
import { judgePace } from './judge-pace.ts';
import { judgeRedis } from './judge-redis.ts';

/** Opens Redis as every process does, and looks at it and at the pace. */
export async function checkQueue(settings: LoadedSettings): Promise<Finding[]> {
  try {
    // What Redis warns of at a start is said by the findings.
    const runtime = await openRuntime({ settings: { ...settings, logLevel: 'error' }, name: 'doctor' });
    try {
      const { redis, client, keyspace, checkpoints } = runtime;
      const [health, pace, found] = await Promise.all([
        redis.health(client),
        readPaceStatus(keyspace),
        checkpoints.reconcile({ when: 'doctor', classifyBy: settings.classifyBy }),
      ]);
      return [
        ...judgeRedis(health, redis.describe()),
        judgeCheckpoints(found),
        ...judgePace(pace, settings.requestIntervalMs, settings.apiBaseUrl),
      ];
    } finally {
      await runtime.close();
    }
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const code = name === 'RedisUrlError' ? exitCode.usage : exitCode.partial;
    return [{ level: 'FAIL', check: 'Redis', message, code }];
  }
}
