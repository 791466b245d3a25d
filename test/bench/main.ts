// npm run bench: measures this program (docs/performance.md).
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { openRedis } from '@inventory/redis';
import { benchOptions } from './bench-options.ts';
import { boardBench } from './board-bench.ts';
import { memoryBench } from './memory-bench.ts';
import { paceBench } from './pace-bench.ts';
import type { Part } from './part.ts';
import { print } from './print.ts';
import { probedBench } from './probed-bench.ts';
import { scaleBench } from './scale-bench.ts';

const parts: Readonly<Record<string, Part>> = {
  pace: paceBench,
  probed: probedBench,
  scale: scaleBench,
  memory: memoryBench,
  board: boardBench,
};
const { quick, only, sizes } = benchOptions(Object.keys(parts));
const dataDir = resolve('.data/bench');
const logger = createLogger({ name: 'bench', level: 'warn', format: '', secrets: new SecretRegistry() });
const redis = await openRedis({ redisUrl: '', dataDir, name: 'bench', logger });
// What a benchmark that was cut off has left behind would count as memory of this one.
const client = redis.connect('main');
await client.flushall();
// Redis may be at it already, after a large benchmark.
await client.bgrewriteaof().catch(() => undefined);
print(`Machine: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}.`);
const wrong: string[] = [];
const missed: string[] = [];
for (const name of only) {
  const found = await parts[name]?.({ redis, dataDir, quick, sizes });
  wrong.push(...(found?.wrong ?? []));
  missed.push(...(found?.missed ?? []));
}
await redis.close();
print('');
for (const what of wrong) print(`[WRONG] ${what}`);
for (const what of missed) print(`[MISSED] ${what}`);
if (wrong.length + missed.length === 0) print('All results are right, and all targets are met.');
process.exit(wrong.length === 0 && (quick || missed.length === 0) ? 0 : 1);
