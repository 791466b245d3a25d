// A process that writes the state files over and over: REDIS PREFIX FOLDER TIMES; says its highest memory in bytes.
import { Checkpoints } from '@inventory/checkpoints';
import { Keyspace, openRedis } from '@inventory/redis';
import { StateDir } from '@inventory/state-files';
import { recordedLogger } from './recorded-logger.ts';

const [redisUrl = '', prefix = '', stateDir = '', times = '1'] = process.argv.slice(2);
const runtime = await openRedis({ redisUrl, dataDir: '', name: 'test', logger: recordedLogger().logger });
const checkpoints = await Checkpoints.open(new Keyspace(runtime.connect('test'), prefix));
const files = new StateDir({ stateDir, queuePrefix: prefix });
for (let left = Number(times); left > 0; left -= 1) await files.write(checkpoints);
process.stdout.write(String(process.resourceUsage().maxRSS * 1024));
await runtime.close();
