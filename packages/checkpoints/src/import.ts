import { setTimeout as sleep } from 'node:timers/promises';
import type { Category } from '@inventory/classification';
import { withLock } from '@inventory/redis';
import { CheckpointPart, schemaVersion } from './keys.ts';
import { type Failure, failureText } from './records.ts';
import { Script } from './script.ts';

const script = new Script('import');

/** A test as a state file knows it. */
export interface ImportedTest {
  readonly uuid: string;
  readonly workspace: string;
  /** Name of the workspace. */
  readonly name: string;
  readonly category: Category;
  /** Whether its verdict was provisional or unconfirmed: then it still is. */
  readonly notFinal?: boolean;
}

/** How long the lock of a process that died in `fill` lasts, in ms. */
const lockMs = 30_000;

/** Fills empty checkpoints from elsewhere, once, whatever number of processes start at the same time. */
export class ImportCheckpoint extends CheckpointPart {
  /** Whether the prefix holds checkpoints; if not, the next start fills it from the state files. */
  async isInUse(): Promise<boolean> {
    return (await this.client.exists(this.keys.schema)) === 1;
  }

  /**
   * Brings the prefix into use. Where it holds no checkpoints at all, `fill` is called first; a process that
   * dies in `fill` leaves them unused, so that the next one begins again.
   */
  async ensureInUse(fill: () => Promise<void>): Promise<void> {
    const { schema } = this.keys;
    while (!(await this.isInUse())) {
      const { held } = await withLock({ client: this.client, key: `${schema}:filling`, ttlMs: lockMs }, async () => {
        if (await this.isInUse()) return;
        await fill();
        await this.client.set(schema, schemaVersion);
      });
      if (!held) await sleep(100);
    }
  }

  /** Adds tests that are not known yet; what is known stays as it is. */
  async tests(tests: readonly ImportedTest[]): Promise<void> {
    if (tests.length > 0) await script.run(this.keyspace, 'tests', { tests });
  }

  /** Adds errors of tests that have no verdict. @param entries key (test UUID or `workspace:UUID`) and error */
  async errors(entries: readonly { readonly key: string; readonly error: Failure }[]): Promise<void> {
    if (entries.length === 0) return;
    const texts = entries.map(({ key, error }) => ({ key, error: failureText(error) }));
    await script.run(this.keyspace, 'errors', { entries: texts });
  }
}
