import { beforeEach, describe, expect, it } from 'vitest';
import type { TestAccount } from '../../../test/support/open-test-account.ts';
import { classifyAll, openCliAccount } from '../../../test/support/open-test-account.ts';
import { readState } from '../../../test/support/read-state.ts';
import { until } from '../../../test/support/until.ts';
import { type ForgetOptions, forget } from './forget.ts';

const uuid = (digit: number) => `0000000${digit}-0000-4000-8000-000000000000`;
const [first, second] = ['aaaaaaaa-0000-4000-8000-000000000000', 'bbbbbbbb-0000-4000-8000-000000000000'];
const library = {
  workspaces: [
    { name: 'First', uuid: first },
    { name: 'Second', uuid: second },
  ],
  tests: [1, 2, 3, 4].map((digit) => ({
    kind: digit % 2 === 0 ? ('classic' as const) : ('survey' as const),
    uuid: uuid(digit),
    workspaces: [digit < 3 ? first : second],
  })),
};

let account: TestAccount;
beforeEach(async () => {
  account = await openCliAccount({ sandbox: { library } });
  await account.runtime.checkpoints.import.ensureInUse(async () => undefined);
  await account.produceAll();
});
const forgotten = async (options: Partial<ForgetOptions>, confirm: (() => Promise<boolean>) | null = null) => {
  const parts = { settings: account.runtime.settings, confirm };
  const { code, lines, json } = await forget({ ...parts, options: { testUuids: [], ...options } });
  return { code, json, text: lines.join('\n') };
};
const inFiles = async (): Promise<string[]> => {
  const { utz, classic } = await readState(account.runtime.settings.stateDir);
  return [...utz, ...classic].map((record: { test_uuid: string }) => record.test_uuid).sort();
};

describe('forget', () => {
  it('removes a test from the files before it returns, and the next run probes only this test', async () => {
    await classifyAll(account);
    const { code, text } = await forgotten({ testUuids: [uuid(1)] });
    expect(code).toBe(0);
    expect(text).toBe('1 test forgotten; the next run classifies it again.');
    expect(await inFiles()).toEqual([uuid(2), uuid(3), uuid(4)]);
    account.sandbox.resetRequests();
    await account.produceAll();
    await classifyAll(account);
    expect(account.requests()).toEqual({ sessionResults: 1, videoDownloadUrl: 1, qxScores: 1, transcript: 1 });
  });

  it('removes the tests of a workspace', async () => {
    await classifyAll(account);
    expect((await forgotten({ workspaceUuid: [second ?? ''] })).json).toMatchObject({ forgotten: [uuid(3), uuid(4)] });
    expect(await inFiles()).toEqual([uuid(1), uuid(2)]);
  });

  it('an unknown workspace lists the known ones and removes nothing', async () => {
    await expect(forgotten({ workspaceUuid: [first ?? '', 'nope'] })).rejects.toThrow(/not found: nope[\s\S]*Second/);
    expect((await account.runtime.checkpoints.inventory.totals()).tests).toBe(4);
  });

  it('says which tests it does not know, and forgets the others', async () => {
    const { code, text, json } = await forgotten({ testUuids: [uuid(9), uuid(1)] });
    expect(code).toBe(1);
    expect(text).toMatch(/1 test forgotten[\s\S]*No test 00000009[\s\S]*Did you mean/);
    expect(json).toMatchObject({ forgotten: [uuid(1)] });
  });

  it('takes a queued test out of the queue, so that its run can end and no turn is lost', async () => {
    const { queue } = account.account;
    await forgotten({ testUuids: [uuid(1), uuid(2), uuid(3)] });
    expect((await queue.counts()).waiting).toBe(1);
    await classifyAll(account);
    expect(await account.runtime.checkpoints.runs.list()).toMatchObject([{ open: 0, outcomes: { forgotten: 3 } }]);
  });

  it('--all --yes forgets everything except the token and the marks of the prefix', async () => {
    await classifyAll(account);
    const { client, checkpoints } = account.runtime;
    const { prefix } = checkpoints;
    const kept = () => Promise.all([client.get(`${prefix}:schema`), client.keys(`${prefix}:token*`)]);
    const before = await kept();
    await forgotten({ testUuids: [uuid(1)] });
    const generation = await client.get(`${prefix}:generation`);
    expect((await forgotten({ all: true, yes: true })).text).toMatch(/^3 tests forgotten/);
    expect(await inFiles()).toEqual([]);
    expect(await kept()).toEqual(before);
    expect(generation).not.toBeNull();
    expect(await client.get(`${prefix}:generation`)).toBe(generation);
    await account.produceAll();
    await classifyAll(account);
    expect((await checkpoints.inventory.totals()).byCategory).toMatchObject({ survey: 2, ClassicUT: 2 });
  });

  it('--all ends a hold of the queue, as the tests are forgotten whose answers it waited for', async () => {
    const { circuit } = account.account.pace;
    await circuit.hold('the Results API answers 404 for tests that it knew');
    await forgotten({ testUuids: [uuid(1)] });
    expect(await circuit.stillOpen()).toBeGreaterThan(0);
    await forgotten({ all: true, yes: true });
    expect(await circuit.stillOpen()).toBe(0);
  });

  it('asks before it forgets everything; without a terminal it needs --yes', async () => {
    await expect(forgotten({ all: true })).rejects.toThrow(/--yes/);
    expect(await forgotten({ all: true }, async () => false)).toMatchObject({
      code: 130,
      text: 'Nothing was forgotten.',
    });
    expect((await account.runtime.checkpoints.inventory.totals()).tests).toBe(4);
    expect((await forgotten({ all: true }, async () => true)).text).toMatch(/^4 tests forgotten/);
  });

  it('an answer that is under way does not bring a test back', async () => {
    account.sandbox.faults.add({ kind: 'delay', ms: 400, endpoint: 'sessionResults' });
    const working = classifyAll(account);
    await until('requests are on their way', () => account.sandbox.statistics().results.count > 0);
    await forgotten({ all: true, yes: true });
    await working;
    expect(await account.runtime.checkpoints.inventory.totals()).toMatchObject({ tests: 0, open: 0, byRule: {} });
    expect(await inFiles()).toEqual([]);
  });
});
