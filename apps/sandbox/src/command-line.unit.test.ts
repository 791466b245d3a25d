import { expect, it } from 'vitest';
import { parseCommandLine, startupText } from './command-line.ts';
import { createLibrary } from './library/library.ts';
import { DEFAULT_LIMITER, slidingWindow } from './limiter.ts';

it('reads an accelerated limit as a window or as an interval', () => {
  expect(parseCommandLine(['--limit', '10', '--window-ms', '2000'])).toMatchObject({ limit: 10, windowMs: 2000 });
  expect(parseCommandLine(['--interval-ms', '200'])).toMatchObject({ limit: 10, windowMs: 2000 });
});

it('reads the size of the library, latencies and the lifetime of tokens', () => {
  const words = '--tests 12 --workspaces 2 --seed 9 --latency 20-200 --token-life 30 --metadata'.split(' ');
  expect(parseCommandLine(words)).toMatchObject({
    library: { tests: 12, workspaces: 2, seed: 9 },
    latency: [20, 200],
    tokenLifeSeconds: 30,
    metadata: true,
  });
});

it('names the address and gives the settings ready to paste into a shell', () => {
  const text = startupText({
    url: 'http://127.0.0.1:4010',
    tokenUrl: 'http://127.0.0.1:4010/token',
    clientId: 'me',
    clientSecret: "it's secret",
    library: createLibrary({ tests: 3, workspaces: 1 }),
    limiter: slidingWindow(DEFAULT_LIMITER, Date.now),
  });
  expect(
    text,
  ).toBe(`Sandbox listening on http://127.0.0.1:4010 (tests: 3, workspaces: 1, Results API: 10 requests per 60000 ms)
export API_BASE_URL=http://127.0.0.1:4010
export TOKEN_URL=http://127.0.0.1:4010/token
export CLIENT_ID=me
export CLIENT_SECRET='it'\\''s secret'
`);
});
