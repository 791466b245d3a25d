import { describe, expect, it } from 'vitest';
import { createLibrary } from './library/library.ts';
import { DEFAULT_LIMITER, slidingWindow } from './limiter.ts';
import { readOptions, sandboxOptions, startupText } from './sandbox-command.ts';

const parse = (...words: string[]) => readOptions(sandboxOptions().parse(words, { from: 'user' }).opts());

it('reads an accelerated limit as a window or as an interval', () => {
  expect(parse('--limit', '10', '--window-ms', '2000').options).toMatchObject({
    limit: 10,
    windowMs: 2000,
  });
  expect(parse('--interval-ms', '200').options).toMatchObject({ limit: 10, windowMs: 2000 });
});

it('reads the size of the library, latencies and the lifetime of tokens', () => {
  const words = '--tests 12 --workspaces 2 --seed 9 --latency 20-200 --token-life 30 --metadata'.split(' ');
  expect(parse(...words).options).toMatchObject({
    library: { tests: 12, workspaces: 2, seed: 9 },
    latency: [20, 200],
    tokenLifeSeconds: 30,
    metadata: true,
  });
});

it('shows trouble that has been asked for: tests that are refused once, requests that fail, an outage', () => {
  const faults = (...words: string[]) => parse(...words).options.faults;
  expect(faults('--tests', '100')).toEqual([]);
  expect(faults('--tests', '100', '--errors')).toMatchObject([
    { status: 400, testUuid: [...createLibrary({ tests: 1 }).tests()][0]?.uuid, count: 1 },
    { status: 400, count: 1 },
    { status: 500, probability: 0.02 },
  ]);
  expect(faults('--outage')).toMatchObject([{ kind: 'reset', endpoint: 'results' }]);
});

describe('the message of a sandbox that listens', () => {
  const text = (...words: string[]) => {
    const command = parse(...words);
    const { limit = 0, windowMs = 0 } = command.options;
    const sandbox = {
      url: 'http://127.0.0.1:4010',
      tokenUrl: 'http://127.0.0.1:4010/token',
      clientId: 'me',
      clientSecret: "it's secret",
      library: createLibrary({ tests: 200 }),
      limiter: slidingWindow({ ...DEFAULT_LIMITER, limit, windowMs }, Date.now),
    };
    return startupText(sandbox, command, (name, args) => [`npm ${name} --`, args].join(' ')).join('\n');
  };

  it('gives all settings ready to paste into a shell, apart from those of the real account', () => {
    expect(text()).toBe(`Sandbox: a simulated UserTesting account with 200 tests in 3 workspaces.
It listens on http://127.0.0.1:4010 (Results API: 10 requests in 6 s). Ctrl-C ends it.

Paste into another terminal:

export ENV_FILE=none
export API_BASE_URL=http://127.0.0.1:4010
export TOKEN_URL=http://127.0.0.1:4010/token
export CLIENT_ID=me
export CLIENT_SECRET='it'\\''s secret'
export REQUEST_INTERVAL_MS=650
export QUEUE_PREFIX='{sandbox}'
export STATE_DIR=state/sandbox

Then run npm start -- --all there: it takes about 5 min, and never meets the limit (429).
What is classified is not asked again: npm forget -- --all there lets you begin anew.`);
  });

  it('has an interval of the real API for its limit, and none without a limit', () => {
    expect(text('--window-ms', '60000')).toContain('REQUEST_INTERVAL_MS=6050\n');
    expect(text('--limit', '0')).toContain('REQUEST_INTERVAL_MS=0\n');
  });

  it('allows plain http where the sandbox listens beyond this machine, and names its trouble', () => {
    expect(text('--host', '0.0.0.0')).toContain('export ALLOW_HTTP=yes\n');
    expect(text('--errors', '--outage')).toMatch(/4 tests are refused once \(400\).*2 %.*After 30 requests/s);
  });
});
