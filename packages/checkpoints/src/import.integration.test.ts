import { Keyspace } from '@inventory/redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allErrors, openTestCheckpoints, type TestCheckpoints } from '../../../test/support/checkpoints.ts';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { Checkpoints } from './checkpoints.ts';
import { SchemaVersionError } from './errors.ts';
import type { ImportedTest } from './import.ts';
import { keysOf } from './keys.ts';

let bench: TestCheckpoints;
beforeEach(async () => {
  bench = await openTestCheckpoints();
});
afterEach(() => bench[Symbol.asyncDispose]());

const contents = () => redisContents(bench.client, bench.prefix);

function imported(uuid: string, more: Partial<ImportedTest> = {}): ImportedTest {
  return { uuid, workspace: 'w', name: 'W', category: 'survey', ...more };
}

describe('bringing a prefix into use', () => {
  it('whatever number of processes start at once, one fills, and all wait for it', async () => {
    let fills = 0;
    const fill = async () => {
      fills += 1;
      await bench.checkpoints.import.tests([imported('a')]);
    };
    const processes = Array.from({ length: 5 }, () => Checkpoints.open(new Keyspace(bench.client, bench.prefix)));
    await Promise.all(
      processes.map(async (opened) => {
        const checkpoints = await opened;
        await checkpoints.import.ensureInUse(fill);
        expect((await checkpoints.inventory.totals()).tests).toBe(1);
      }),
    );
    expect(fills).toBe(1);
  });

  it('a fill that throws leaves the prefix unused, and the next process begins again', async () => {
    const ensure = (fill: () => Promise<void>) => bench.checkpoints.import.ensureInUse(fill);
    let second = false;
    const failing = ensure(() => Promise.reject(new Error('unreadable')));
    const waiting = ensure(async () => {
      second = true;
    });
    await expect(failing).rejects.toThrow('unreadable');
    await waiting;
    expect(second).toBe(true);
    expect(await contents()).toEqual({ [`${bench.prefix}:schema`]: '1' });
  });

  it('a prefix in use is not filled again', async () => {
    await bench.checkpoints.import.ensureInUse(async () => undefined);
    await bench.checkpoints.import.ensureInUse(() => Promise.reject(new Error('filled twice')));
  });

  it('who has lost the lock leaves it to its new holder', async () => {
    const lock = `${keysOf(bench.prefix).schema}:filling`;
    await bench.checkpoints.import.ensureInUse(async () => {
      await bench.client.set(lock, 'somebody else', 'PX', 30_000);
    });
    expect(await bench.client.get(lock)).toBe('somebody else');
  });

  it('checkpoints of another layout are refused and not touched', async () => {
    await bench.client.set(keysOf(bench.prefix).schema, '2');
    const before = await contents();
    await expect(Checkpoints.open(new Keyspace(bench.client, bench.prefix))).rejects.toThrow(SchemaVersionError);
    expect(await contents()).toEqual(before);
  });
});

describe('imported records', () => {
  it('imported twice are the same as imported once', async () => {
    const error = {
      status: 500,
      status_code: 500,
      type: 'unclassified_error',
      error: 'x',
      body: [],
      attempts: 1,
    } as const;
    const fill = async () => {
      await bench.checkpoints.import.tests([imported('a'), imported('b', { category: 'ClassicUT' })]);
      await bench.checkpoints.import.errors([{ key: 'c', error }]);
    };
    await fill();
    const before = await contents();
    await fill();
    expect(await contents()).toEqual(before);
    expect(await bench.checkpoints.inventory.totals()).toEqual({
      tests: 2,
      undecided: 0,
      byCategory: { survey: 1, ClassicUT: 1 },
      byRule: { imported: 2 },
      errors: 1,
      open: 0,
      provisional: 0,
      provisionalFrom: null,
      unconfirmed: 0,
      rules: 'tutorial',
    });
  });

  it('do not replace what is known already, and are not told as news', async () => {
    await bench.open('a');
    await bench.checkpoints.test.decide('a', { category: 'ClassicUT', rule: 'sessions-not-found', source: 'probed' });
    const feed = await bench.checkpoints.follow();
    await bench.checkpoints.import.tests([imported('a'), imported('b')]);
    expect((await bench.checkpoints.inventory.records(['a']))[0]?.verdict).toMatchObject({
      rule: 'sessions-not-found',
    });
    expect((await bench.checkpoints.inventory.records(['b']))[0]?.verdict).toMatchObject({ source: 'imported' });
    expect(await feed.read()).toEqual([]);
  });

  it('an error of a test with a verdict is left out', async () => {
    await bench.checkpoints.import.tests([imported('a')]);
    const error = {
      status: null,
      status_code: null,
      type: 'network_error',
      error: 'x',
      body: null,
      attempts: 1,
    } as const;
    await bench.checkpoints.import.errors([{ key: 'a', error }]);
    expect(await allErrors(bench.checkpoints)).toEqual([]);
  });
});
