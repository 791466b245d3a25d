import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestAccount, type TestAccount } from '../../../test/support/open-test-account.ts';

const main = fileURLToPath(new URL('../../../dist/program/main.js', import.meta.url));
let opened: TestAccount;

beforeEach(async () => {
  opened = await openTestAccount({ sandbox: { library: { tests: 12, workspaces: 3, seed: 2 } } });
  const folder = await mkdtemp(join(tmpdir(), 'producer-'));
  opened.use(() => rm(folder, { recursive: true, force: true }));
});
afterEach(() => opened[Symbol.asyncDispose]());

/** Runs the command to its end. */
async function producer(args: readonly string[], env: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'producer-'));
  opened.use(() => rm(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, [main, 'producer', ...args], {
    env: { PATH: process.env['PATH'], ...opened.env, STATE_DIR: join(folder, 'state'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const [code] = await once(child, 'close');
  return { code, ...said };
}

const waiting = async () => (await opened.account.queue.counts()).waiting;
const workspace = (index: number) => opened.sandbox.library.workspaces()[index]?.uuid ?? '';

describe('the producer', () => {
  it('selects all workspaces where there is no terminal for a prompt, prints what it did, and ends with 0', async () => {
    const { code, out } = await producer([]);
    expect({ code, waiting: await waiting() }).toEqual({ code: 0, waiting: 12 });
    expect(out).toContain('Found 3 workspaces.');
    for (const { uuid, name } of opened.sandbox.library.workspaces()) {
      const { length } = opened.sandbox.library.listing(uuid, 0, 50) ?? [];
      expect(out).toContain(`${name}: ${length} tests listed, ${length} to probe\n`);
    }
    expect(out).toContain('12 tests enqueued');
  });

  it('selects the workspaces that are named', async () => {
    const { code } = await producer(['--workspace-uuid', workspace(1)]);
    expect(code).toBe(0);
    expect(await waiting()).toBe(opened.sandbox.library.listing(workspace(1), 0, 50)?.length);
  });

  it('ends with 1 when a workspace could not be listed, and has enqueued the others', async () => {
    opened.sandbox.faults.add({ kind: 'status', status: 404, endpoint: 'listing', workspaceUuid: workspace(0) });
    const { code, out } = await producer(['--all']);
    expect(code).toBe(1);
    expect(out).toContain(workspace(0));
    expect(await waiting()).toBeGreaterThan(0);
  });

  it('ends with 2 for a workspace that does not exist, and lists the known ones', async () => {
    const { code, err } = await producer(['--workspace-uuid', 'nowhere']);
    expect(code).toBe(2);
    for (const { uuid } of opened.sandbox.library.workspaces()) expect(err).toContain(uuid);
  });

  it.each([
    ['both ways of choosing at once', ['--all', '--workspace-uuid', 'x'], '--workspace'],
    ['an option that does not exist', ['--everything'], '--everything'],
  ])('ends with 2 for %s', async (_what, args, named) => {
    const { code, err } = await producer(args);
    expect(code).toBe(2);
    expect(err).toContain(named);
    expect(err).not.toMatch(/\n\s+at /);
    expect(await waiting()).toBe(0);
  });

  it('ends with 3 when the credentials or the account are refused', async () => {
    expect(await producer(['--all'], { CLIENT_SECRET: 'wrong' })).toEndWith({ code: 3 });
    opened.sandbox.faults.add({ kind: 'status', status: 401, endpoint: 'workspaces' });
    expect(await producer(['--all'])).toEndWith({ code: 3 });
  });

  it('lifts a hold for a refused account once a token works, and no other hold', async () => {
    await opened.account.queue.hold('auth');
    await producer(['--all']);
    expect(await opened.account.queue.held()).toBeNull();
    await opened.account.queue.hold('maintenance');
    await producer(['--all']);
    expect(await opened.account.queue.held()).toBe('maintenance');
    expect(await opened.account.queue.bull.isPaused()).toBe(true);
  });
});
