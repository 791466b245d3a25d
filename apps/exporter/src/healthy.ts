// The health check of an exporter's container: 0 when the state files keep up with the checkpoints, else 1.
import { Checkpoints } from '@inventory/checkpoints';
import { categories, platformOf } from '@inventory/classification';
import { loadSettings } from '@inventory/config';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { Keyspace, openRedis } from '@inventory/redis';
import { StateDir } from '@inventory/state-files';

/** The files may be behind by this time during a run, ms. */
const patience = 60_000;

const settings = loadSettings();
const { redisUrl, dataDir, queuePrefix } = settings;
const logger = createLogger({ name: 'healthy', level: 'silent', format: 'json', secrets: new SecretRegistry() });
const redis = await openRedis({ redisUrl, dataDir, name: 'healthy', logger });
const { inventory } = await Checkpoints.open(new Keyspace(redis.connect('main'), queuePrefix));
const [manifest, totals] = await Promise.all([new StateDir(settings).manifest(), inventory.totals()]);
await redis.close();
process.exitCode = keepsUp() ? 0 : 1;

/** Whether they have as many records as the checkpoints, or were written within the last minute. */
function keepsUp(): boolean {
  if (!manifest?.counts || manifest.written_at === undefined) return false;
  if (Date.now() - Date.parse(manifest.written_at) < patience) return true;
  const classified = (platform: 'UTZ' | 'ClassicUT'): number =>
    categories
      .filter((category) => platformOf(category) === platform)
      .reduce((sum, category) => sum + (totals.byCategory[category] ?? 0), 0);
  const { utz, classicut, errors } = manifest.counts;
  return utz === classified('UTZ') && classicut === classified('ClassicUT') && errors === totals.errors;
}
