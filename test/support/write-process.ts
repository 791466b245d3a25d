// A process that writes the state files over and over: REDIS PREFIX FOLDER TIMES; says its highest memory in bytes.
import { Checkpoints } from '@inventory/checkpoints';
import { Keyspace, openRedis } from '@inventory/redis';
import { writeStateFiles } from '../../packages/state-files/src/write/write-state-files.ts';
import { recordedLogger } from './recorded-logger.ts';

const [redisUrl = '', prefix = '', stateDir = '', times = '1'] = process.argv.slice(2);
const runtime = await openRedis({ redisUrl, dataDir: '', name: 'test', logger: recordedLogger().logger });
const checkpoints = await Checkpoints.open(new Keyspace(runtime.connect('test'), prefix));
for (let left = Number(times); left > 0; left -= 1) await writeStateFiles({ checkpoints, stateDir });
process.stdout.write(String(process.resourceUsage().maxRSS * 1024));
await runtime.close();
