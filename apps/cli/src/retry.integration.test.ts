import { beforeEach, describe, expect, it } from 'vitest';
import type { TestAccount } from '../../../test/support/open-test-account.ts';
import { classifyAll, openCliAccount } from '../../../test/support/open-test-account.ts';
import { retry } from './retry.ts';

const uuid = (digit: number) => `0000000${digit}-0000-4000-8000-000000000000`;
const library = {
  workspaces: [{ name: 'Studio' }],
  tests: [1, 2, 3, 4].map((digit) => ({ kind: 'survey' as const, uuid: uuid(digit) })),
};
const failing = [uuid(1), uuid(2)];

describe('retry', () => {
  let account: TestAccount;
  beforeEach(async () => {
    account = await openCliAccount({ sandbox: { library } });
    const faults = failing.map((testUuid) =>
      account.sandbox.faults.add({ kind: 'status', status: 403, endpoint: 'transcript', testUuid }),
    );
    await account.produceAll();
    await classifyAll(account);
    for (const id of faults) account.sandbox.faults.remove(id);
    account.sandbox.resetRequests();
  });
  const again = async (...words: string[]) => {
    const { code, lines, json } = await retry(account.runtime.settings, words);
    return { code, text: lines.join('\n'), json };
  };

  it('enqueues tests that ended in errors; only the request that failed is sent again', async () => {
    const { code, text, json } = await again();
    expect(code).toBe(0);
    expect(text).toMatch(/2 tests enqueued again[\s\S]*No worker is connected/);
    expect(json).toMatchObject({ enqueued: failing });
    await classifyAll(account);
    expect(account.requests()).toEqual({ transcript: 2 });
    expect(await account.runtime.checkpoints.inventory.totals()).toMatchObject({
      errors: 0,
      open: 0,
      byCategory: { survey: 4 },
    });
    const runs = await account.runtime.checkpoints.runs.list();
    expect(runs.at(-1)).toMatchObject({
      selection: 'retry',
      selected: 2,
      open: 0,
      listed: true,
      outcomes: { survey: 2 },
    });
  });

  it('enqueues only the named tests, and says which ones it skipped', async () => {
    const { code, text, json } = await again(uuid(2), uuid(3), uuid(9));
    expect(code).toBe(1);
    expect(text).toMatch(/1 test enqueued[\s\S]*not ended in an error[\s\S]*No test 00000009[\s\S]*Did you mean/);
    expect(json).toMatchObject({ enqueued: [uuid(2)], withoutError: [uuid(3)] });
  });

  it('twice at once or one after the other enqueues nothing twice', async () => {
    await Promise.all([again(), again()]);
    expect((await again()).text).toMatch(/No test was enqueued again[\s\S]*2 tests already in the queue/);
    await classifyAll(account);
    expect(account.requests()).toMatchObject({ transcript: 2 });
    expect((await again()).text).toBe('No test has ended in an error.');
  });

  it('a start that comes in between takes up the same tests, and both runs end', async () => {
    await again();
    await account.produceAll();
    await classifyAll(account);
    for (const run of await account.runtime.checkpoints.runs.list()) expect(run.open).toBe(0);
    expect(account.requests()).toMatchObject({ transcript: 2 });
  });

  it('says which tests have lost their place in the queue, and enqueues them', async () => {
    await again();
    const { client, settings } = account.runtime;
    const base = `${settings.queuePrefix}:classify:`;
    await client.del(base + (await client.get(`${base}de:${uuid(1)}`)));
    const { text, json } = await again();
    expect(text).toMatch(/1 test had lost the place in the queue: enqueued[\s\S]*1 test already in the queue/);
    expect(json).toMatchObject({ lost: [uuid(1)], waiting: [uuid(2)] });
    await classifyAll(account);
    expect(account.requests()).toMatchObject({ transcript: 2 });
  });

  it('is refused with CLASSIFY_BY=metadata', async () => {
    const settings = { ...account.runtime.settings, classifyBy: 'metadata' as const };
    await expect(retry(settings, [])).rejects.toThrow(/CLASSIFY_BY=metadata/);
  });
});
