import type { TestData } from '@inventory/sandbox';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TestAccount } from '../../../../test/support/open-test-account.ts';
import { openCliAccount } from '../../../../test/support/open-test-account.ts';
import { redisContents } from '../../../../test/support/redis-contents.ts';
import { audit } from './audit.ts';

const uuid = (digit: number) => `0000000${digit}-0000-4000-8000-000000000000`;
const liar = uuid(1);
const tests: readonly TestData[] = [
  { kind: 'survey', uuid: liar, title: 'The liar', productType: 'THINK_OUT_LOUD' },
  { kind: 'survey', uuid: uuid(2) },
  { kind: 'interaction (video)', uuid: uuid(3) },
  { kind: 'classic', uuid: uuid(4) },
  { kind: 'live conversation', uuid: uuid(5) },
  { kind: 'no-sessions', uuid: uuid(6) },
  { kind: 'think-out-loud', uuid: uuid(7), type: null },
];
const display = {
  wait: () => undefined,
  line: () => undefined,
  say: () => undefined,
  update: () => undefined,
  end: () => undefined,
};

describe('audit', () => {
  let account: TestAccount;
  beforeEach(async () => {
    const sandbox = { metadata: true, library: { workspaces: [{ name: 'Studio' }], tests } };
    account = await openCliAccount({ sandbox, env: { CLASSIFY_BY: 'auto' } });
    await account.produceAll();
    await account.runtime.checkpoints.test.decide(uuid(7), {
      category: 'survey',
      rule: 'no-other-data',
      source: 'probed',
    });
    account.sandbox.resetRequests();
  });
  const look = async (sample = 50, seed = 7, signal = new AbortController().signal) => {
    const answer = await audit({ settings: account.runtime.settings, sample, seed, display, signal });
    return { code: answer?.code, text: answer?.lines.join('\n') ?? 'interrupted', json: answer?.json };
  };
  const known = async () => {
    const { client, checkpoints } = account.runtime;
    const all = await redisContents(client, checkpoints.prefix);
    return ['verdicts', 'counts', 'errors', 'decided', 'failed'].map((name) => all[`${checkpoints.prefix}:${name}`]);
  };

  it('compares what the listing declares with what the probes say; no verdict changes', async () => {
    const before = await known();
    const { code, text, json } = await look();
    expect(code).toBe(1);
    expect(text).toContain('Audit of 6 tests of the 6 that the listing declared (seed 7, rules tutorial).');
    expect(text).toContain('Disagreement: 1 of 4, 25.0 % (95 % confidence, exact: 0.6 % to 80.6 %).');
    expect(text).toContain(`[WARN] ${liar}  declared think-out-loud test, probed survey (no-other-data)  The liar`);
    expect(json).toMatchObject({
      sample: 6,
      population: 6,
      seed: 7,
      total: { agrees: 3, disagrees: 1, 'cannot tell': 2, failed: 0 },
      byType: { survey: { agrees: 1, 'cannot tell': 1 }, ClassicUT: { agrees: 1 } },
      disagreements: [{ testUuid: liar, declared: 'think-out-loud test', probed: 'survey', rule: 'no-other-data' }],
    });
    expect(await known()).toEqual(before);
    expect(account.requests()).toMatchObject({ sessionResults: 6 });
    expect((await account.runtime.checkpoints.runs.list()).at(-1)).toMatchObject({ selected: 6, open: 0 });
    expect((await account.runtime.checkpoints.inventory.totals()).open).toBe(0);
  });

  it('a declared ClassicUT test costs one request', async () => {
    const { runs } = account.runtime.checkpoints;
    await look(50);
    const classic = account.sandbox.requests().filter(({ testUuid }) => testUuid === uuid(4));
    expect(classic.map(({ endpoint }) => endpoint)).toEqual(['sessionResults']);
    expect((await runs.list()).at(-1)?.outcomes).toMatchObject({ ClassicUT: 1 });
  });

  it('the same seed takes the same tests, another one others', async () => {
    const sampled = async (seed: number) => {
      await look(2, seed);
      const uuids = tests.map((test) => test.uuid ?? '');
      const found = await account.runtime.checkpoints.known.audited(uuids);
      await account.runtime.client.del(`${account.runtime.checkpoints.prefix}:audited`);
      return uuids.filter((_, index) => found[index] !== null);
    };
    const first = await sampled(1);
    expect(first).toHaveLength(2);
    expect(await sampled(1)).toEqual(first);
    const others = [await sampled(2), await sampled(3), await sampled(4)];
    expect(others.some((other) => other.join() !== first.join())).toBe(true);
  });

  it('a test whose question fails is counted as no answer, and is no error of the inventory', async () => {
    account.sandbox.faults.add({ kind: 'status', status: 403, endpoint: 'sessionResults', testUuid: uuid(2) });
    const { code, text, json } = await look();
    expect(code).toBe(1);
    expect(json).toMatchObject({ total: { failed: 1 } });
    expect(text).toContain('1 test gave no answer: run it again with --seed 7');
    expect((await account.runtime.checkpoints.inventory.totals()).errors).toBe(0);
  });

  it('an interrupted audit resumes with the tests that it has not probed, also without its seed', async () => {
    const { checkpoints } = account.runtime;
    const interruption = new AbortController();
    interruption.abort();
    expect((await look(50, 7, interruption.signal)).text).toBe('interrupted');
    const settings = account.runtime.settings;
    const again = await audit({ settings, sample: 50, display, signal: new AbortController().signal });
    expect(again?.json).toMatchObject({ seed: 7, total: { agrees: 3, disagrees: 1, failed: 0 } });
    expect((await checkpoints.runs.list()).filter(({ selection }) => selection === 'audit 50 7')).toHaveLength(1);
    expect(account.requests()).toMatchObject({ sessionResults: 6 });
  });

  it('has nothing to do without declared tests, and is refused with CLASSIFY_BY=metadata', async () => {
    const empty = await openCliAccount();
    const signal = new AbortController().signal;
    const { settings } = empty.runtime;
    expect(await audit({ settings, sample: 5, display, signal })).toMatchObject({ code: 0 });
    const metadata = { ...settings, classifyBy: 'metadata' as const };
    await expect(audit({ settings: metadata, sample: 5, display, signal })).rejects.toThrow(/CLASSIFY_BY=metadata/);
  });
});
