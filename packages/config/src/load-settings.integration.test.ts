import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { npmOptions } from './environment.ts';
import { loadSettings, SettingsError } from './load-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'inventory-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function withFile(text: string): Record<string, string> {
  const path = join(folder, `${Math.random()}.env`);
  writeFileSync(path, text);
  return { ENV_FILE: path };
}

function problems(env: Record<string, string>, needs: ('credentials' | 'board')[] = []): readonly string[] {
  try {
    loadSettings({ env: { ENV_FILE: 'none', ...env }, needs });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe('where settings come from', () => {
  it('the environment wins over the file, the file over the default', () => {
    const file = withFile('WORKER_SLOTS=3\nSTEP_RETRIES=9\n');
    const settings = loadSettings({ env: { ...file, WORKER_SLOTS: '4' } });
    expect(settings).toMatchObject({ workerSlots: 4, stepRetries: 9, requestIntervalMs: 6050 });
  });

  it('an empty value counts as not given', () => {
    const file = withFile('REQUEST_INTERVAL_MS=\nWORKER_SLOTS=2\n');
    expect(loadSettings({ env: { ...file, WORKER_SLOTS: '' } })).toMatchObject({
      requestIntervalMs: 6050,
      workerSlots: 2,
    });
  });

  it('a missing .env is no problem, a missing file that ENV_FILE names is one', () => {
    expect(loadSettings({ env: {} }).classifyBy).toBe('auto');
    expect(problems({ ENV_FILE: join(folder, 'brand-q.env') })).toEqual([
      expect.stringMatching(/^ENV_FILE names .*brand-q\.env, which does not exist/),
    ]);
  });

  it('a settings file that is a folder is said to be unreadable', () => {
    expect(() => loadSettings({ env: { ENV_FILE: folder } })).toThrow(/cannot be read/);
  });

  it('folders come back as absolute paths, URLs without a slash at the end', () => {
    const { stateDir, apiBaseUrl } = loadSettings({ env: { ENV_FILE: 'none', API_BASE_URL: 'http://127.0.0.1:1/' } });
    expect(stateDir).toBe(join(process.cwd(), 'state'));
    expect(apiBaseUrl).toBe('http://127.0.0.1:1');
  });

  it('an expiry that is not a number counts as not known, as in the tutorial', () => {
    expect(loadSettings({ env: { ENV_FILE: 'none', EXPIRES_IN: 'TOKEN_EXPIRY_TIMESTAMP' } }).expiresIn).toBe(0);
  });
});

describe('the proxies on the way to the API and to its tokens', () => {
  const api = {
    ENV_FILE: 'none',
    API_BASE_URL: 'https://api.test',
    TOKEN_URL: 'http://tokens.test/x',
    ALLOW_HTTP: 'yes',
  };

  it('are each found for their own URL', () => {
    const env = { ...api, HTTPS_PROXY: 'http://u:p%40ss@a.test:3128', http_proxy: 'b.test' };
    expect(loadSettings({ env })).toMatchObject({
      apiProxy: { variable: 'HTTPS_PROXY', hostname: 'a.test', port: 3128, password: 'p@ss' },
      tokenProxy: { variable: 'http_proxy', hostname: 'b.test', port: 80 },
    });
    expect(loadSettings({ env: { ...env, NO_PROXY: '.test' } })).toMatchObject({ apiProxy: null, tokenProxy: null });
  });

  it('may stand in the settings file', () => {
    const env = { ...api, ...withFile('HTTPS_PROXY=http://a.test\n') };
    expect(loadSettings({ env })).toMatchObject({ apiProxy: { hostname: 'a.test' }, tokenProxy: null });
  });

  it('that cannot be used are a problem, said once and without the value, only where they are needed', () => {
    expect(problems({ ALL_PROXY: 'socks5://u:secret@a.test' })).toEqual([
      expect.stringMatching(/^ALL_PROXY names a SOCKS proxy, which is not supported: expected http:/),
    ]);
    const loopback = { API_BASE_URL: 'http://127.0.0.1:1', TOKEN_URL: 'http://localhost:1/token' };
    expect(problems({ ...loopback, ALL_PROXY: 'socks5://a.test' })).toEqual([]);
  });
});

describe('what is wrong with settings', () => {
  it.each([
    'http://api.test',
    'http://127.0.0.1.evil.test',
    'http://10.0.0.1:80',
    'http://[::2]',
    'HTTP://LOCALHOST.TEST',
  ])('plain http to %s has to be allowed', (url) => {
    const found = problems({ API_BASE_URL: url, TOKEN_URL: `${url}/token` });
    expect(found).toEqual([
      expect.stringMatching(/^API_BASE_URL is plain http to .*ALLOW_HTTP=yes/),
      expect.stringMatching(/^TOKEN_URL is plain http/),
    ]);
    expect(problems({ API_BASE_URL: url, TOKEN_URL: url, ALLOW_HTTP: 'yes' })).toEqual([]);
  });

  it.each(['http://localhost:1', 'http://127.9.9.9', 'http://[::1]:1', 'http://x.localhost', 'https://api.test'])(
    '%s is allowed',
    (url) => {
      expect(problems({ API_BASE_URL: url, TOKEN_URL: url })).toEqual([]);
    },
  );

  it('the address of notifications has the same rules, and is shown by its host alone', () => {
    const notifyUrl = 'http://hooks.test/services/T0KEN';
    const found = problems({ NOTIFY_URL: notifyUrl });
    expect(found).toEqual([expect.stringMatching(/^NOTIFY_URL is plain http to hooks\.test: /)]);
    expect(found.join() + problems({ NOTIFY_URL: 'hooks.test/T0KEN' }).join()).not.toContain('T0KEN');
    const env = { ENV_FILE: 'none', ALLOW_HTTP: 'yes', NOTIFY_URL: notifyUrl, http_proxy: 'b.test' };
    expect(loadSettings({ env })).toMatchObject({ notifyProxy: { hostname: 'b.test' } });
  });

  it('every problem is listed at once, by name, with what is expected', () => {
    const found = problems({ REQUEST_INTERVAL_MS: 'abc', CLASSIFY_BY: 'guess', API_BASE_URL: 'ftp://x' });
    expect(found).toHaveLength(3);
    expect(found.join(' ')).toMatch(/REQUEST_INTERVAL_MS is "abc": expected a whole number/);
  });

  it.each(['-1', '1.5', '1e3', '0x10', ' ', '99999999'])('%j is no interval', (value) => {
    expect(problems({ REQUEST_INTERVAL_MS: value })).toHaveLength(1);
  });

  it.each([
    ['NOT_FOUND_BODY', 'html'],
    ['PROVISIONAL_HOURS', '721'],
    ['PROVISIONAL_HOURS', '0.5'],
  ])('%s cannot be %j', (name, value) => {
    expect(problems({ [name]: value })).toEqual([expect.stringContaining(`${name} is "${value}": expected`)]);
  });

  it('a queue prefix needs braces', () => {
    expect(problems({ QUEUE_PREFIX: 'classify' })[0]).toMatch(/braces/);
  });

  it("a secret's value is never printed", () => {
    expect(problems({ REDIS_URL: 'http://user:hunter22@host' }).join('')).not.toContain('hunter22');
  });

  it('missing credentials and left-over placeholders are named', () => {
    expect(problems({}, ['credentials']).join(' ')).toMatch(/CLIENT_ID is missing.*CLIENT_SECRET is missing/);
    expect(problems({ CLIENT_ID: 'YOUR_CLIENT_ID', CLIENT_SECRET: 's' }, ['credentials'])[0]).toMatch(/placeholder/);
  });

  it('a board that others can reach needs a password of 12 characters, which is not printed', () => {
    expect(problems({ BOARD_HOST: '0.0.0.0' }, ['board'])[0]).toMatch(/^BOARD_PASSWORD is missing: .* 12 characters/);
    for (const short of ['x', 'elevenchars', '\u{1f600}'.repeat(11)]) {
      const [problem = '', ...more] = problems({ BOARD_HOST: '0.0.0.0', BOARD_PASSWORD: short }, ['board']);
      expect([problem, more]).toEqual([expect.stringMatching(/^BOARD_PASSWORD is too short: .* 12 characters/), []]);
      expect(problem).not.toContain(`"${short}"`);
    }
    expect(problems({ BOARD_HOST: '0.0.0.0', BOARD_PASSWORD: 'twelve chars' }, ['board'])).toEqual([]);
    expect(problems({ BOARD_HOST: '127.0.0.1' }, ['board'])).toEqual([]);
    expect(problems({ BOARD_HOST: '::1', BOARD_PASSWORD: 'x' }, ['board'])).toEqual([]);
  });

  it('a short password is reported with all the others', () => {
    const env = { BOARD_HOST: '0.0.0.0', BOARD_PASSWORD: 'x', BOARD_PORT: 'y', BOARD_BASE_PATH: 'z' };
    expect(problems(env, ['board'])).toEqual([
      expect.stringMatching(/^BOARD_PORT is "y"/),
      expect.stringMatching(/^BOARD_BASE_PATH is "z": expected a path such as \/inventory/),
      expect.stringMatching(/^BOARD_PASSWORD is too short/),
    ]);
  });

  it.each(['inventory', '//evil.example', '/a//b', '/..', '/a/../b', '/./a', '/a b', '/a?b', '/a"b', 'http://a/b'])(
    '%j is no path below a host',
    (value) => expect(problems({ BOARD_BASE_PATH: value })).toHaveLength(1),
  );

  it('an address of tests says where the UUID of the test goes', () => {
    expect(problems({ TEST_URL: 'https://app.example/test/7' })).toEqual([
      expect.stringContaining('expected an http(s) URL with {test_uuid} in it'),
    ]);
    const env = { ENV_FILE: 'none', TEST_URL: 'https://app.example/test/{test_uuid}' };
    expect(loadSettings({ env }).testUrl).toBe(env.TEST_URL);
  });

  it.each([
    ['/', ''],
    ['/inventory/', '/inventory'],
    ['/tools/in-v.1_~', '/tools/in-v.1_~'],
  ])('the path %j means %j', (value, path) => {
    expect(loadSettings({ env: { ENV_FILE: 'none', BOARD_BASE_PATH: value } }).boardBasePath).toBe(path);
  });
});

describe('what npm has been told', () => {
  it('is read from its variables, whatever the case and the hyphens of a name; empty means no', () => {
    const env = {
      npm_lifecycle_event: 'forget',
      npm_config_dry_run: 'true',
      npm_config_dryRun: 'x',
      npm_config_yes: '',
    };
    expect(npmOptions(env)?.script).toBe('forget');
    expect([...(npmOptions(env)?.options ?? [])]).toEqual([['dryrun', 'x']]);
  });

  it('is nothing where npm has not started the process', () => {
    expect(npmOptions({ npm_config_dry_run: 'true' })).toBeNull();
  });
});
