import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'vitest';

/** What promtool has to say: nothing, where all is well with metrics. */
export interface PromtoolSays {
  readonly code: number | null;
  /** Both of its outputs. */
  readonly output: string;
}

const noPromtool = 'promtool is not installed: apt-get install prometheus (or brew install prometheus)';

/** Skips the test where Prometheus' promtool is not installed; in CI it fails. Says how to get it. */
export function needsPromtool({ skip }: TestContext): void {
  if (spawnSync('promtool', ['--version']).error === undefined) return;
  if (process.env['CI'] !== undefined) throw new Error(noPromtool);
  skip(noPromtool);
}

/** Runs promtool. @param input what it reads */
export async function promtool(args: readonly string[], input = ''): Promise<PromtoolSays> {
  const child = spawn('promtool', args, { stdio: 'pipe' });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, output: `${stdout}${stderr}` };
}
