import type { Checkpoints } from '@inventory/checkpoints';
import { categories, platformOf } from '@inventory/classification';
import { readManifest } from '@inventory/state-files';

/** Time that an exporter may be behind while work goes on, in ms. */
const patience = 60_000;

/**
 * Whether somebody keeps the state files up to date: they hold as many records as the checkpoints, or were written
 * within the last minute. Reads neither all files nor all checkpoints.
 * @throws StateDirError when the folder cannot be read
 */
export async function filesKeepUp({ inventory }: Checkpoints, stateDir: string): Promise<boolean> {
  const [manifest, totals] = await Promise.all([readManifest(stateDir), inventory.totals()]);
  if (!manifest?.counts || manifest.written_at === undefined) return false;
  if (Date.now() - Date.parse(manifest.written_at) < patience) return true;
  const decided = (platform: 'UTZ' | 'ClassicUT'): number =>
    categories
      .filter((category) => platformOf(category) === platform)
      .reduce((sum, category) => sum + (totals.byCategory[category] ?? 0), 0);
  const { utz, classicut, errors } = manifest.counts;
  return utz === decided('UTZ') && classicut === decided('ClassicUT') && errors === totals.errors;
}
