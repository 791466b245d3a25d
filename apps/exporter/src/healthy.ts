// The health check of an exporter's container: 0 when the state files keep up with the checkpoints, else 1.
import { Checkpoints } from '@inventory/checkpoints';
import { loadSettings } from '@inventory/config';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { Keyspace, openRedis } from '@inventory/redis';
import { filesKeepUp } from './files-keep-up.ts';

const { redisUrl, dataDir, queuePrefix, stateDir } = loadSettings();
const logger = createLogger({ name: 'healthy', level: 'silent', format: 'json', secrets: new SecretRegistry() });
const redis = await openRedis({ redisUrl, dataDir, name: 'healthy', logger });
const checkpoints = await Checkpoints.open(new Keyspace(redis.connect('main'), queuePrefix));
process.exitCode = (await filesKeepUp(checkpoints, stateDir)) ? 0 : 1;
await redis.close();
