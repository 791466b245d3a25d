// The health check of a worker's container: 0 when this host's worker was seen within the last 15 seconds, else 1.
import { hostname } from 'node:os';
import { loadSettings } from '@inventory/config';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { readPaceStatus } from '@inventory/queue/pace-status';
import { Keyspace, openRedis } from '@inventory/redis';

const { redisUrl, dataDir, queuePrefix } = loadSettings();
const logger = createLogger({ name: 'healthy', level: 'silent', format: 'json', secrets: new SecretRegistry() });
const redis = await openRedis({ redisUrl, dataDir, name: 'healthy', logger });
const { processes } = await readPaceStatus(new Keyspace(redis.connect('main'), queuePrefix));
process.exitCode = processes.some(({ host }) => host === hostname()) ? 0 : 1;
await redis.close();
