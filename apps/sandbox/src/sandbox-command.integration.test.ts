import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';

const main = new URL('../../../dist/program/main.js', import.meta.url).pathname;
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function run(...words: string[]) {
  const child = spawn(process.execPath, [main, 'sandbox', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (text: Buffer) => {
    said.stdout += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    said.stderr += text.toString();
  });
  return { child, said, ended: once(child, 'close').then(([code]) => code as number | null) };
}

it('prints the settings to export, answers there, and ends with 0 on SIGTERM and on SIGINT', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { child, said, ended } = run('--port', '0', '--tests', '20');
    await expect.poll(() => said.stdout, { timeout: 20_000 }).toContain('CLIENT_SECRET');
    const url = /^export API_BASE_URL=(.*)$/m.exec(said.stdout)?.[1];
    expect(await (await fetch(`${url}/sandbox/library`)).json()).toHaveLength(20);
    child.kill(signal);
    expect(await ended).toBe(0);
    expect(said.stderr).toBe('');
  }
});

it('ends with 2 and one clear line when the port is in use', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const { said, ended } = run('--port', String(port));
  expect(await ended).toBe(2);
  expect(said.stderr).toBe(
    `sandbox: port ${port} on 127.0.0.1 is already in use. Choose another with --port, or --port 0 for a free one.\n`,
  );
  other.close();
});

it('ends with 2 on wrong usage and with 0 on --help', async () => {
  const [wrong, help] = [run('--latency', 'soon'), run('--help')];
  expect([await wrong.ended, await help.ended]).toEqual([2, 0]);
  expect(wrong.said.stderr).toContain('--latency');
  expect(help.said.stdout).toContain('--token-life');
});
