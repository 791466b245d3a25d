import { setTimeout as sleep } from 'node:timers/promises';
import type { Category } from '@inventory/classification';
import { type RedisClient, withLock } from '@inventory/redis';
import { CheckpointScript } from './checkpoint-script.ts';
import { keysOf } from './keys.ts';
import type { Failure } from './outcome.ts';
import { schemaVersion } from './schema-version.ts';

const importTests = new CheckpointScript(`
for _, test in ipairs(cjson.decode(ARGV[1])) do
  if not load(workspaces, test.workspace) then
    save(workspaces, test.workspace, { name = test.name, position = -1, listedAt = 0 })
  end
  if redis.call('HEXISTS', listing, test.uuid) == 0 then
    save(listing, test.uuid, { workspace = test.workspace, position = -1, run = '' })
    redis.call('ZADD', catalogue, 0, test.uuid)
  end
  if redis.call('HEXISTS', verdicts, test.uuid) == 0 then
    decide(test.uuid, { category = test.category, rule = 'imported', source = 'imported' }, true)
    if test.category ~= 'ClassicUT' then mayBeControl(test.uuid) end
  end
end
return 1
`);

const importErrors = new CheckpointScript(`
for index = 1, #ARGV, 2 do
  local undecided = redis.call('HEXISTS', verdicts, ARGV[index]) == 0
  if undecided and redis.call('HSETNX', errors, ARGV[index], stamped(ARGV[index + 1])) == 1 then changed() end
end
return 1
`);

/** A test as a state file knows it. */
export interface ImportedTest {
  readonly uuid: string;
  readonly workspace: string;
  /** Name of the workspace. */
  readonly name: string;
  readonly category: Category;
}

/** How long the lock of a process that died in `fill` stands, in ms. */
const lockMs = 30_000;

/** Fills empty checkpoints from elsewhere, once, whatever number of processes start at the same time. */
export class ImportCheckpoint {
  readonly #client: RedisClient;
  readonly #prefix: string;

  constructor(client: RedisClient, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  /**
   * Brings the prefix into use. Where it holds no checkpoints at all, `fill` is called first; a process that
   * dies in `fill` leaves them unused, so that the next one begins again.
   */
  async ensureInUse(fill: () => Promise<void>): Promise<void> {
    const { schema } = keysOf(this.#prefix);
    const lock = `${schema}:filling`;
    while ((await this.#client.exists(schema)) === 0) {
      const { held } = await withLock(this.#client, lock, lockMs, async () => {
        if ((await this.#client.exists(schema)) === 1) return;
        await fill();
        await this.#client.set(schema, schemaVersion);
      });
      if (!held) await sleep(100);
    }
  }

  /** Adds tests that are not known yet; what is known stays as it is. */
  async tests(tests: readonly ImportedTest[]): Promise<void> {
    if (tests.length > 0) await importTests.run(this.#client, this.#prefix, [JSON.stringify(tests)]);
  }

  /** Adds errors of tests that have no verdict. @param entries key (test UUID or `workspace:UUID`) and error */
  async errors(entries: readonly { readonly key: string; readonly error: Failure }[]): Promise<void> {
    const args = entries.flatMap(({ key, error }) => [key, JSON.stringify(error)]);
    if (args.length > 0) await importErrors.run(this.#client, this.#prefix, args);
  }
}
