/**
 * The other process of the tests, on its own: `join DATA_DIR` opens the embedded Redis, `lock FOLDER` takes the lock.
 * It prints one line when it has it and one when it has given it back, which it does on any input.
 */
import { once } from 'node:events';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { withProcessLock } from '../src/embedded/process-lock.ts';
import { openRedis } from '../src/open-redis.ts';

const [, , what, folder = ''] = process.argv;
const logger = createLogger({ name: 'test', level: 'debug', format: 'json', secrets: new SecretRegistry() });
const untilAsked = async (): Promise<void> => {
  process.stdin.resume();
  await once(process.stdin, 'data');
  process.stdin.pause();
};

if (what === 'join') {
  const runtime = await openRedis({ redisUrl: '', dataDir: folder, name: 'test', logger });
  const info = await runtime.connect('info').info('server');
  console.log(`open ${/process_id:(\d+)/.exec(info)?.[1]}`);
  await untilAsked();
  await runtime.close();
} else {
  await withProcessLock({ folder, patienceMs: 30_000, onWait: () => undefined }, async ({ inherited }) => {
    console.log(`open ${inherited}`);
    await untilAsked();
  });
}
console.log('closed');
