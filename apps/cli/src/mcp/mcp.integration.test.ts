import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classifyAll, openTestAccount, type TestAccount } from '../../../../test/support/open-test-account.ts';
import { isRunning } from '../../../../test/support/program.ts';
import { redisContents } from '../../../../test/support/redis-contents.ts';
import { until } from '../../../../test/support/until.ts';

const uuid = (start: string) => `${start}-0000-4000-8000-000000000000`;
const [survey, talk, classic] = ['aaaa1111', 'aaaa2222', 'bbbb3333'].map(uuid);
const program = fileURLToPath(new URL('../../../../dist/program/main.js', import.meta.url));

describe('npm run mcp, asked by the client of the official SDK', () => {
  let account: TestAccount;
  let client: Client;
  let transport: StdioClientTransport;

  beforeAll(async () => {
    const tests = [
      { kind: 'survey' as const, uuid: survey, title: 'Checkout: how was it?' },
      { kind: 'think-out-loud' as const, uuid: talk, title: 'Find the \u202echeckout' },
      { kind: 'classic' as const, uuid: classic },
    ];
    account = await openTestAccount({ sandbox: { library: { workspaces: [{ name: 'Studio' }], tests } } });
    await account.produceAll();
    await classifyAll(account);
    transport = new StdioClientTransport({
      command: process.execPath,
      args: [program, 'mcp'],
      env: { PATH: process.env['PATH'] ?? '', ...account.env, LOG_LEVEL: 'debug' },
      stderr: 'ignore',
    });
    client = new Client({ name: 'test', version: '1' });
    await client.connect(transport);
  });
  afterAll(async () => {
    await client.close();
    await account[Symbol.asyncDispose]();
  });

  async function ask(name: string, input: Record<string, unknown> = {}) {
    const { content, isError = false } = await client.callTool({ name, arguments: input });
    const [{ text } = { text: '' }] = content as { text: string }[];
    return isError ? { error: text } : JSON.parse(text);
  }

  it('it offers five tools, all read-only, and asking them changes nothing in Redis', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'search_tests',
      'explain_test',
      'test_data',
      'summary',
      'what_changed',
    ]);
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
    const { client: redis, prefix } = account.runtime.checkpoints;
    const before = await redisContents(redis, prefix);
    for (const { name } of tools)
      await ask(name, name.endsWith('test') || name === 'test_data' ? { test_uuid: survey } : {});
    expect(await redisContents(redis, prefix)).toEqual(before);
  });

  it('tests are found by words and by facts; hidden characters of a title are escaped', async () => {
    expect(await ask('search_tests', { query: 'CHECKOUT how' })).toMatchObject({
      total: 1,
      tests: [{ test_uuid: survey, category: 'survey', workspace_name: 'Studio' }],
    });
    expect(await ask('search_tests', { workspace: 'studio', limit: 1, offset: 1 })).toMatchObject({
      total: 3,
      tests: [expect.anything()],
    });
    expect(await ask('search_tests', { platform: 'ClassicUT' })).toMatchObject({ total: 1 });
    expect(await ask('search_tests', { workspace: 'nowhere' })).toEqual({ error: expect.stringContaining('Studio') });
    const { content } = await client.callTool({ name: 'search_tests', arguments: { query: talk } });
    expect(JSON.stringify(content)).not.toContain('\u202e');
  });

  it('one test is explained, by the first characters of its UUID, without the id of a session', async () => {
    const explained = await ask('explain_test', { test_uuid: 'aaaa2' });
    expect(explained).toMatchObject({
      test_uuid: talk,
      category: 'think-out-loud test',
      because: expect.stringContaining('transcript said 200'),
      answers: expect.arrayContaining([expect.objectContaining({ endpoint: 'sessionResults', status: 200 })]),
    });
    expect(JSON.stringify(explained)).not.toContain('sessionId');
    expect(await ask('explain_test', { test_uuid: 'aaaa' })).toEqual({
      error: expect.stringMatching(/^Several tests begin with aaaa:/),
    });
  });

  it('what data a test offers is said: yes, no, or not known', async () => {
    expect(await ask('test_data', { test_uuid: talk })).toMatchObject({ offers: { transcript: true } });
    expect(await ask('test_data', { test_uuid: classic })).toMatchObject({
      platform: 'ClassicUT',
      offers: { video: false, qx_scores: false, transcript: false },
    });
  });

  it('the summary counts tests and names runs; what changed is told for a run, and since a time', async () => {
    const { tests, runs, history } = await ask('summary');
    expect(tests).toMatchObject({ known: 3, by_category: { survey: 1, 'think-out-loud test': 1, ClassicUT: 1 } });
    const [{ id }] = [...runs, ...history];
    const report = await ask('what_changed', { run: id });
    expect(report.tests.classified).toHaveLength(3);
    expect(await ask('what_changed')).toEqual(report);
    const { changes, next } = await ask('what_changed', { since: '2020-01-01' });
    expect((await ask('what_changed', { since: new Date(Number(id) - 1).toISOString() })).changes).toEqual(changes);
    expect(changes.map((change: { test_uuid: string }) => change.test_uuid)).toContain(classic);
    expect(await ask('what_changed', { since: next })).toEqual({ changes: [], next });
    expect((await ask('what_changed', { since: '1960-01-01' })).changes).toEqual(changes);
    expect(await ask('what_changed', { since: '2999-01-01' })).toEqual({ changes: [], next });
    expect(await ask('what_changed', { since: 'yesterday' })).toEqual({
      error: 'yesterday is neither a time in ISO 8601 nor a cursor.',
    });
    expect(await ask('what_changed', { run: '1' })).toEqual({ error: expect.stringContaining('No run 1 is known') });
  });

  it('it ends when its client does', async () => {
    const pid = transport.pid ?? 0;
    expect(isRunning(pid)).toBe(true);
    await client.close();
    await until('it has ended', () => !isRunning(pid));
  });
});
