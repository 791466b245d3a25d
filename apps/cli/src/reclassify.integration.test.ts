import { Checkpoints } from '@inventory/checkpoints';
import { Keyspace } from '@inventory/redis';
import type { TestKind } from '@inventory/sandbox';
import { readStatus } from '@inventory/status';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TestAccount } from '../../../test/support/open-test-account.ts';
import { classifyAll, openCliAccount } from '../../../test/support/open-test-account.ts';
import { redisContents } from '../../../test/support/redis-contents.ts';
import { type ReclassifyOptions, reclassify } from './reclassify.ts';

const uuid = (digit: number) => `0000000${digit}-0000-4000-8000-000000000000`;
const kinds: readonly TestKind[] = [
  'classic',
  'no-sessions',
  'interaction (video)',
  'interaction (qx)',
  'live conversation',
  'think-out-loud',
  'survey',
];
const [video, qx, live] = [uuid(3), uuid(4), uuid(5)];
const library = {
  workspaces: [{ name: 'Studio' }],
  tests: kinds.map((kind, index) => ({ kind, uuid: uuid(index + 1), title: `The ${kind}` })),
};

describe('reclassify', () => {
  let account: TestAccount;
  beforeEach(async () => {
    account = await openCliAccount({ sandbox: { library } });
    await account.produceAll();
    await classifyAll(account);
    account.sandbox.resetRequests();
  });
  const by = async (options: ReclassifyOptions) => {
    const { code, lines, json } = await reclassify(account.runtime.settings, options);
    expect(code).toBe(0);
    return { text: lines.join('\n'), json };
  };
  const toMatrix = () => by({ rules: 'media-matrix' });
  const toTutorial = () => by({ rules: 'tutorial' });
  const types = async () => {
    const found: Record<string, string> = {};
    for await (const page of account.runtime.checkpoints.inventory.pages()) {
      for (const { uuid: test, verdict } of page) found[test] = `${verdict?.category} by ${verdict?.rule}`;
    }
    return Object.values(found);
  };

  it('evaluates what is stored, and asks only for the answer that is missing, after the session whose id was dropped', async () => {
    const { text, json } = await toMatrix();
    expect(text).toMatch(/^Rules media-matrix apply from now on \(tutorial before\)/);
    expect(text).toMatch(/ 3 {2}to be probed, .* asked first: sessionResults \(3\)[\s\S]*No worker is connected/);
    expect(json).toMatchObject({ changed: [], renamed: 2, same: 2, toAsk: [video, qx, live] });
    expect(account.requests()).toEqual({});
    expect((await types())[2]).toBe('interaction test by has-video');
    await classifyAll(account);
    expect(account.requests()).toEqual({ sessionResults: 3, transcript: 3 });
    expect(await types()).toEqual([
      'ClassicUT by sessions-not-found',
      'no sessions by no-sessions-yet',
      'interaction test by matrix-has-video',
      'interaction test by matrix-has-qx-scores',
      'think-out-loud test by matrix-has-transcript',
      'think-out-loud test by matrix-has-transcript',
      'survey by matrix-no-other-data',
    ]);
    const [run] = (await account.runtime.checkpoints.runs.list()).slice(-1);
    expect(run).toMatchObject({ selection: 'reclassify', selected: 3, open: 0, listed: true });
  });

  it('going back needs no request, and shows which types change', async () => {
    await toMatrix();
    await classifyAll(account);
    account.sandbox.resetRequests();
    const dry = await by({ rules: 'tutorial', dryRun: true });
    expect(dry.text).toMatch(/1 {2}type would change\n[\s\S]*\nthink-out-loud test -> interaction test: 1\n/);
    expect(dry.text).toContain(`${live}  think-out-loud test -> interaction test  The live conversation`);
    const back = await toTutorial();
    expect(back.text).toContain('1  type changed');
    expect(back.json).toMatchObject({
      changed: [{ testUuid: live, from: 'think-out-loud test', to: 'interaction test', rule: 'has-video' }],
      toAsk: [],
    });
    expect(await types()).toContain('interaction test by has-qx-scores');
    expect((await toMatrix()).json).toMatchObject({ changed: [{ testUuid: live }], toAsk: [] });
    expect(account.requests()).toEqual({});
  });

  it('a dry run shows the same and writes nothing', async () => {
    const before = await redisContents(account.runtime.client, account.runtime.checkpoints.prefix);
    const { text, json } = await by({ rules: 'media-matrix', dryRun: true });
    expect(text).toMatch(/^Rules media-matrix would apply[\s\S]*3 {2}would be probed/);
    expect(json).toMatchObject({ renamed: 2, toAsk: [video, qx, live] });
    expect(await redisContents(account.runtime.client, account.runtime.checkpoints.prefix)).toEqual(before);
  });

  it('twice, or two at once, is the same as once', async () => {
    await Promise.all([toMatrix(), toMatrix()]);
    const again = await toMatrix();
    expect(again.json).toMatchObject({ changed: [], renamed: 0, same: 4, toAsk: [], queued: 3 });
    await classifyAll(account);
    expect(account.requests()).toEqual({ sessionResults: 3, transcript: 3 });
    expect((await toMatrix()).text).toMatch(/Of 7 tests:\n {7}7 {2}type stays$/);
  });

  it('the next run and the status go by the rules that were chosen', async () => {
    await toMatrix();
    await classifyAll(account);
    account.sandbox.library.addTest({ kind: 'think-out-loud', uuid: uuid(8) });
    account.sandbox.resetRequests();
    await account.produceAll();
    await classifyAll(account);
    expect(account.requests()).toEqual({ sessionResults: 2, transcript: 1 });
    expect((await readStatus(account.runtime)).totals.rules).toBe('media-matrix');
  });

  it('leaves declared and imported tests alone', async () => {
    const { checkpoints } = account.runtime;
    await checkpoints.import.tests([{ uuid: uuid(9), workspace: 'w', name: 'W', category: 'interaction test' }]);
    const { text } = await toMatrix();
    expect(text).toContain('1  imported: left alone');
    await classifyAll(account);
    expect(await types()).toContain('interaction test by imported');
  });

  it('an old list of sessions is asked for again, with all that hangs on it', async () => {
    const { client, prefix } = await Checkpoints.open(
      new Keyspace(account.runtime.client, account.runtime.checkpoints.prefix),
    );
    const evidence = JSON.parse((await client.hget(`${prefix}:evidence`, video)) ?? '');
    evidence.sessions.at -= 25 * 3_600_000;
    await client.hset(`${prefix}:evidence`, video, JSON.stringify(evidence));
    expect((await by({ rules: 'media-matrix', dryRun: true })).json).toMatchObject({
      lacking: { sessions: 3 },
    });
    await toMatrix();
    await classifyAll(account);
    expect(account.requests()).toEqual({ sessionResults: 3, transcript: 3, videoDownloadUrl: 1 });
  });

  it('no id of a session is stored, before and after', async () => {
    const { client, checkpoints } = account.runtime;
    const ids = [...account.sandbox.library.tests()].flatMap((test) => account.sandbox.library.sessionIds(test.uuid));
    const stored = async () => JSON.stringify(await redisContents(client, checkpoints.prefix));
    const found = async () => {
      const text = await stored();
      return ids.filter((id) => text.includes(id));
    };
    expect(ids.length).toBeGreaterThan(3);
    expect(await found()).toEqual([]);
    await toMatrix();
    await classifyAll(account);
    expect(await found()).toEqual([]);
  });

  it('is refused with CLASSIFY_BY=metadata, except for a dry run', async () => {
    const settings = { ...account.runtime.settings, classifyBy: 'metadata' as const };
    await expect(reclassify(settings, { rules: 'media-matrix' })).rejects.toThrow(/CLASSIFY_BY=metadata/);
    expect((await reclassify(settings, { rules: 'media-matrix', dryRun: true })).code).toBe(0);
  });
});
