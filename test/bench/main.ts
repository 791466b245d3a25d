// npm run bench: measures this program (docs/performance.md).
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { openRedis } from '@inventory/redis';
import { refuseSwallowedFlags } from '@inventory/runtime';
import { boardBench } from './board-bench.ts';
import { memoryBench } from './memory-bench.ts';
import { paceBench } from './pace-bench.ts';
import { type Part, print } from './part.ts';
import { probedBench } from './probed-bench.ts';
import { scaleBench } from './scale-bench.ts';

const parts: Readonly<Record<string, Part>> = {
  pace: paceBench,
  probed: probedBench,
  scale: scaleBench,
  memory: memoryBench,
  board: boardBench,
};
const usage = `Usage: npm run bench -- [--quick] [--only PART,…] [--sizes N,…]
  --quick       everything small, in under two minutes; ends with 1 only when a result is wrong, never for a time
  --only PART   some of ${Object.keys(parts).join(', ')}; all without it
  --sizes N     sizes of the libraries of the part scale, for example 1000000
`;

const { quick, only, sizes } = readOptions();
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
  const findings = await parts[name]?.({ client: redis.connect(name), dataDir, quick, sizes });
  wrong.push(...(findings?.wrong ?? []));
  missed.push(...(findings?.missed ?? []));
}
await redis.close();
print('');
for (const what of wrong) print(`[WRONG] ${what}`);
for (const what of missed) print(`[MISSED] ${what}`);
if (wrong.length + missed.length === 0) print('All results are right, and all targets are met.');
process.exit(wrong.length === 0 && (quick || missed.length === 0) ? 0 : 1);

/** Reads the command line. Wrong usage ends the process with 2, `--help` with 0. */
function readOptions() {
  try {
    refuseSwallowedFlags(['--quick', '--only <part>', '--sizes <n>']);
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string', default: Object.keys(parts).join() },
        sizes: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(usage);
      process.exit(0);
    }
    const only = values.only.split(',');
    const unknown = only.find((name) => parts[name] === undefined);
    if (unknown !== undefined) throw new Error(`There is no part '${unknown}'.`);
    return { quick: values.quick, only, sizes: values.sizes?.split(',').map(readSize) ?? null };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}`);
    process.exit(2);
  }
}

function readSize(text: string): number {
  if (!/^[1-9]\d{1,6}$/.test(text)) throw new Error(`--sizes: '${text}' is no number of tests from 10 to 9999999.`);
  return Number(text);
}
