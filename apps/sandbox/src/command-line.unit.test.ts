import { expect, it } from 'vitest';
import { parseCommandLine } from './command-line.ts';

it('makes an accelerated limit easy', () => {
  expect(parseCommandLine(['--limit', '10', '--window-ms', '2000'])).toMatchObject({ limit: 10, windowMs: 2000 });
  expect(parseCommandLine(['--interval-ms', '200'])).toMatchObject({ limit: 10, windowMs: 2000 });
});

it('reads the size of the library, latencies and the life of tokens', () => {
  const words = '--tests 12 --workspaces 2 --seed 9 --latency 20-200 --token-life 30 --metadata'.split(' ');
  expect(parseCommandLine(words)).toMatchObject({
    library: { tests: 12, workspaces: 2, seed: 9 },
    latency: [20, 200],
    tokenLifeSeconds: 30,
    metadata: true,
  });
});
