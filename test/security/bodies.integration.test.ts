import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOnce } from '@inventory/exporter';
import { startWorker } from '@inventory/worker';
import { describe, expect, it, onTestFinished } from 'vitest';
import { forget } from '../../apps/cli/src/forget.ts';
import { allErrors } from '../support/checkpoints.ts';
import type { TestAccount } from '../support/open-test-account.ts';
import { classifyAll, openCliAccount } from '../support/open-test-account.ts';
import { redisContents } from '../support/redis-contents.ts';
import { startOwnRedis } from '../support/redis-servers.ts';

const uuidOf = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const libraryOf = (count: number) => ({
  workspaces: [{ name: 'W' }],
  tests: Array.from({ length: count }, (_, index) => ({ kind: 'survey' as const, uuid: uuidOf(index + 1) })),
});
const stored = async ({ runtime }: TestAccount) => redisContents(runtime.client, runtime.checkpoints.prefix);
const errorsFile = ({ runtime }: TestAccount) => readFile(join(runtime.settings.stateDir, 'errors.json'), 'utf8');

/** An account whose API refuses every test with this body. */
async function refusing(count: number, body: unknown): Promise<TestAccount> {
  const account = await openCliAccount({ sandbox: { library: libraryOf(count) } });
  account.sandbox.faults.add({ kind: 'status', status: 403, body: body as string, endpoint: 'sessionResults' });
  await account.produceAll();
  await classifyAll(account);
  await writeOnce(account.runtime);
  return account;
}

describe('an API that refuses', () => {
  it.each([
    ['2 KB of nested lists', '['.repeat(1_000) + ']'.repeat(1_000)],
    ['2 KB of nested objects', `${'{"error":'.repeat(220)}1${'}'.repeat(220)}`],
    ['control characters', JSON.stringify({ message: '\u0001'.repeat(2_500), error: '\u0002'.repeat(2_500) })],
    ['many keys', JSON.stringify(Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`k${index}`, index])))],
    ['16 MB', JSON.stringify({ message: 'x'.repeat(16_000_000) })],
  ])('with %s gets 3 KB of errors.json for each test, no more', async (_what, body) => {
    const account = await refusing(4, body);
    expect(await allErrors(account.runtime.checkpoints)).toHaveLength(4);
    expect((await errorsFile(account)).length).toBeLessThan(4 * 3_000);
  });

  it('with what it knows of a participant has only its code and message kept', async () => {
    const participant = { email: 'jane@example.com', name: 'Jane Doe', ip: '203.0.113.9' };
    const body = { code: 'FORBIDDEN', message: 'no access', participant, participants: [participant], ...participant };
    const account = await refusing(1, body);
    expect(Object.values(JSON.parse(await errorsFile(account)))).toMatchObject([
      { status: 403, body: { code: 'FORBIDDEN', message: 'no access' } },
    ]);
    expect(JSON.stringify(await stored(account))).not.toMatch(/jane|203\.0\.113/i);
  });

  it.each(['Jane Doe <jane@example.com> may not', '<p>Jane Doe</p>', '["Jane Doe"]'])(
    'in other words than JSON objects (%s) has nothing kept of them',
    async (body) => {
      const account = await refusing(1, body);
      expect(Object.values(JSON.parse(await errorsFile(account)))).toMatchObject([{ status: 403, body: null }]);
      expect(JSON.stringify(await stored(account))).not.toContain('Jane');
    },
  );
});

describe('the id of a session', () => {
  it('is not in an error about its video or transcript', async () => {
    const account = await openCliAccount({ sandbox: { library: libraryOf(2) } });
    const { faults, library } = account.sandbox;
    faults.add({ kind: 'status', status: 403, endpoint: 'videoDownloadUrl', testUuid: uuidOf(1) });
    faults.add({ kind: 'reset', endpoint: 'transcript', testUuid: uuidOf(2) });
    await account.produceAll();
    await classifyAll(account);
    await writeOnce(account.runtime);
    const text = await errorsFile(account);
    expect(text).toContain('/sessionResults/{session}/videoDownloadUrl');
    expect(text).toContain('/sessionResults/{session}/transcript');
    for (const test of [1, 2]) for (const id of library.sessionIds(uuidOf(test))) expect(text).not.toContain(id);
  });
});

describe('a forgotten test', () => {
  const trace = (text: string, uuid: string) => text.split(uuid).length - 1;

  it.each([
    ['one by one', { testUuids: [uuidOf(1), uuidOf(2)], all: false }],
    ['with all', { testUuids: [], all: true, yes: true }],
  ])('leaves no trace in Redis, in its append-only file or in the state files, %s', async (_how, options) => {
    const redis = await startOwnRedis((work) => onTestFinished(work));
    const env = { REDIS_URL: redis.url };
    const account = await openCliAccount({ sandbox: { library: libraryOf(3) }, env });
    account.sandbox.faults.add({ kind: 'status', status: 403, endpoint: 'sessionResults', testUuid: uuidOf(2) });
    await account.produceAll();
    await account.produceAll();
    await classifyAll(account);
    await writeOnce(account.runtime);
    const onDisk = async () => {
      const folder = join(redis.folder, 'appendonlydir');
      const files = await readdir(folder);
      const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'latin1')));
      return texts.join('');
    };
    expect(trace(await onDisk(), uuidOf(1))).toBeGreaterThan(5);
    const { code, json } = await forget({ settings: account.runtime.settings, options, confirm: null });
    expect({ code, json }).toMatchObject({ code: 0, json: { append_only_file: 'rewritten' } });

    const after = JSON.stringify(await stored(account));
    expect([trace(after, uuidOf(1)), trace(after, uuidOf(2))]).toEqual([0, 0]);
    await expect.poll(async () => trace(await onDisk(), uuidOf(1)) + trace(await onDisk(), uuidOf(2))).toBe(0);
    const { stateDir } = account.runtime.settings;
    for (const file of await readdir(stateDir)) {
      expect(await readFile(join(stateDir, file), 'utf8')).not.toMatch(/0000000[12]-0000/);
    }
    if (!options.all) expect(trace(after, uuidOf(3))).toBeGreaterThan(2);
  });

  it('that a worker is asking about leaves no job behind', async () => {
    const account = await openCliAccount({ sandbox: { library: libraryOf(1) } });
    account.sandbox.faults.add({ kind: 'delay', ms: 500, endpoint: 'sessionResults' });
    await account.produceAll();
    const giveUp = (error: Error): void => void expect.unreachable(String(error));
    const worker = await startWorker({ ...account.account, runtime: account.runtime, role: 'test', giveUp });
    await expect.poll(() => account.sandbox.statistics().results.count).toBe(1);
    const options = { testUuids: [uuidOf(1)] };
    expect((await forget({ settings: account.runtime.settings, options, confirm: null })).code).toBe(0);
    await expect.poll(async () => trace(JSON.stringify(await stored(account)), uuidOf(1)), { timeout: 5_000 }).toBe(0);
    await worker.stop();
  });
});

describe('an API whose listing is hostile', () => {
  it('with titles of 100,000 characters has 1,000 of them kept', async () => {
    const tests = [{ kind: 'survey' as const, uuid: uuidOf(1), title: 'T'.repeat(100_000) }];
    const account = await openCliAccount({ sandbox: { library: { workspaces: [{ name: 'W' }], tests } } });
    await account.produceAll();
    const text = JSON.stringify(await stored(account));
    expect(text).toContain('T'.repeat(1_000));
    expect(text).not.toContain('T'.repeat(1_001));
  });
});
