import { Redis } from 'ioredis';
import { describe, expect, inject, it } from 'vitest';
import { leastRequests } from '../../../../test/support/needed-probes.ts';
import type { TestAccount, TestAccountOptions } from '../../../../test/support/open-test-account.ts';
import { classifyAll, openCliAccount } from '../../../../test/support/open-test-account.ts';
import { redisContents } from '../../../../test/support/redis-contents.ts';
import { forget } from '../forget.ts';
import { type PlanOptions, plan } from './plan.ts';

const library = { seed: 5, tests: 70, workspaces: 3, sharedTests: 4 };
const open = (options: TestAccountOptions = {}) =>
  openCliAccount({ ...options, sandbox: { library, ...options.sandbox } });

async function planned({ runtime }: TestAccount, more: Partial<PlanOptions> = {}) {
  const parts = { settings: runtime.settings, options: {}, signal: new AbortController().signal, terminal: false };
  const answer = await plan({ ...parts, onPage: () => undefined, ...more });
  if (answer === null) throw new Error('interrupted');
  const json = JSON.parse(JSON.stringify(answer.json));
  return { ...answer, json, text: answer.lines.join('\n') };
}

describe('plan', () => {
  it('names all tests before the first run, sends the Results API no request and changes only the token', async () => {
    const account = await open();
    const redis = new Redis(inject('redisUrl'));
    const contents = async () =>
      Object.entries(await redisContents(redis, account.runtime.checkpoints.prefix)).filter(
        ([key]) => !/:token/.test(key),
      );
    const before = await contents();
    const { json, text, code } = await planned(account);
    expect(json).toMatchObject({ tests: 70, toProbe: 70, situations: { new: 70, done: 0 }, resumes: false });
    expect(json.requests.low).toBeLessThanOrEqual(leastRequests(account.sandbox.library));
    expect(json.requests.high).toBeGreaterThanOrEqual(leastRequests(account.sandbox.library));
    expect(text).toContain('Expected: 2.5 requests per test, as none has been probed yet.');
    expect(code).toBe(0);
    expect(await contents()).toEqual(before);
    expect(account.sandbox.statistics().results.count).toBe(0);
    redis.disconnect();
  });

  it('knows what is done, what had no sessions and what failed', async () => {
    const account = await open();
    const [broken, ...others] = [...account.sandbox.library.tests()].filter(({ kind }) => kind === 'survey');
    const sessionless = [...account.sandbox.library.tests()].filter(({ kind }) => kind === 'no-sessions').length;
    account.sandbox.faults.add({ kind: 'status', status: 403, endpoint: 'results', testUuid: broken?.uuid });
    await account.runtime.checkpoints.import.ensureInUse(async () => undefined);
    await account.produceAll();
    const queued = await planned(account);
    expect(queued.json).toMatchObject({ resumes: true, situations: { interrupted: 70 }, queuedElsewhere: 0 });
    expect(queued.text).toContain('The latest run is not over: npm start continues it.');
    await classifyAll(account);
    const { json, text } = await planned(account);
    expect(text).not.toContain('not over');
    expect(others.length).toBeGreaterThan(0);
    expect(json.situations).toEqual({ new: 0, interrupted: 0, recheck: sessionless, error: 1, done: 69 - sessionless });
    expect(json.requests.low).toBe(sessionless + 1);
    expect(text).toMatch(/1 {2}ended in errors/);
    expect(text).toContain('Expected: by the types of the 69 tests probed so far.');
  });

  it('counts what the state files of a lost Redis know as done', async () => {
    const account = await open();
    await account.produceAll();
    await classifyAll(account);
    const [one] = [...account.sandbox.library.tests()].filter(({ kind }) => kind === 'survey');
    const parts = { settings: account.runtime.settings, confirm: null };
    await forget({ ...parts, options: { testUuids: [one?.uuid ?? ''] } });
    const keys = await account.runtime.client.keys(`${account.runtime.checkpoints.prefix}*`);
    await account.runtime.client.del(...keys);
    const { json } = await planned(account);
    expect(json.situations.new).toBe(1);
    expect(json.situations.done + json.situations.recheck).toBe(69);
  });

  it('separates what the listing classifies from what is to be probed', async () => {
    const account = await open({ sandbox: { metadata: true }, env: { CLASSIFY_BY: 'auto' } });
    const { json, text } = await planned(account);
    expect(json).toMatchObject({ byListing: 70, toProbe: 0, requests: { high: 0 } });
    expect(text).toContain('A run sends no Results API request.');
  });

  it('takes the workspaces that are named; an unknown one lists the known ones', async () => {
    const account = await open();
    const [first, second] = account.sandbox.library.workspaces();
    const { json } = await planned(account, { options: { workspaceUuid: [first?.uuid ?? ''] } });
    expect(json.workspaces).toMatchObject([{ workspaceUuid: first?.uuid }]);
    await expect(planned(account, { options: { workspaceUuid: ['nope'] } })).rejects.toThrow(second?.uuid);
  });

  it('names a workspace that cannot be listed, and plans the others', async () => {
    const account = await open();
    const [first] = account.sandbox.library.workspaces();
    account.sandbox.faults.add({ kind: 'status', status: 403, endpoint: 'listing', workspaceUuid: first?.uuid });
    const { json, code, text } = await planned(account);
    expect(code).toBe(1);
    expect(json.tests).toBeGreaterThan(0);
    expect(text).toContain(`Workspace ${first?.uuid}`);
  });
});
