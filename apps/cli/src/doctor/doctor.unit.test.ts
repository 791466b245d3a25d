import { describe, expect, it } from 'vitest';
import { checkNotFound, checkProxies, clockFinding } from './check-api.ts';
import { paceFindings, redisFindings } from './check-queue.ts';

describe('the clock', () => {
  it.each([
    [0, 'PASS', /agrees/],
    [-4_900, 'PASS', /agrees/],
    [60_000, 'WARN', /60 s behind/],
    [-60_000, 'WARN', /60 s ahead/],
    [3_600_000, 'FAIL', /1 h 00 min behind.*NTP/],
    [null, 'WARN', /does not send its time/],
  ])('of an API that is %s ms ahead is a %s', (skew, level, message) => {
    const finding = clockFinding(skew);
    expect(finding.level).toBe(level);
    expect(finding.message).toMatch(message);
  });
});

describe('the way to the API', () => {
  const urls = { apiBaseUrl: 'https://api.test', tokenUrl: 'https://tokens.test/x' } as const;
  const proxy = { variable: 'HTTPS_PROXY', protocol: 'http:', hostname: 'p.test', port: 3128 } as const;

  it('is described by its proxies, without user and password', () => {
    const apiProxy = { ...proxy, user: 'someone', password: 'hunter22' };
    const found = checkProxies({ ...urls, apiProxy, tokenProxy: { ...proxy, user: '', password: '' } });
    expect(found.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'PASS api.test is reached through p.test:3128 with a user (HTTPS_PROXY)',
      'PASS tokens.test is reached through p.test:3128 (HTTPS_PROXY)',
    ]);
  });

  it('passes where a 404 needs a JSON object, and is warned of where every 404 counts', () => {
    expect(checkNotFound({ notFoundBody: 'json' })).toMatchObject({
      level: 'PASS',
      message: expect.stringContaining('JSON object'),
    });
    expect(checkNotFound({ notFoundBody: 'any' })).toMatchObject({
      level: 'WARN',
      message: expect.stringContaining('NOT_FOUND_BODY=any'),
    });
  });
});

describe('a Redis', () => {
  const sound = { version: '7.0.15', persistence: 'append-only', evictionPolicy: 'noeviction' } as const;
  const levels = (more: Partial<Parameters<typeof redisFindings>[0]>) =>
    redisFindings({ ...sound, ...more }, 'redis://h:6379/0').map(({ level }) => level);

  it('that keeps everything passes', () => {
    expect(levels({})).toEqual(['PASS', 'PASS', 'PASS']);
  });

  it.each(['snapshots', 'none', 'unknown'] as const)('with %s on disk is warned of', (persistence) => {
    expect(levels({ persistence })).toEqual(['PASS', 'WARN', 'PASS']);
  });

  it('that evicts keys fails', () => {
    expect(levels({ evictionPolicy: 'allkeys-lru' })).toEqual(['PASS', 'PASS', 'FAIL']);
  });
});

describe('the pace', () => {
  const worker = { role: 'worker', host: 'h', pid: 1, slots: 6, seenAt: 0, intervalMs: 9000 };
  const status = {
    now: 0,
    processes: [],
    intervalMs: null,
    pause: null,
    held: null,
    heldSince: null,
    circuit: null,
    starts: [],
  };
  const real = 'https://api.use2.usertesting.com';

  it('of the default passes', () => {
    expect(paceFindings(status, 6050, real)).toMatchObject([{ level: 'PASS' }]);
  });

  it('that the real API does not allow is warned of, one for a sandbox is not', () => {
    expect(paceFindings(status, 200, real)).toMatchObject([
      { level: 'WARN', message: expect.stringContaining('10 requests a minute') },
    ]);
    expect(paceFindings(status, 200, 'http://127.0.0.1:4010')).toMatchObject([{ level: 'PASS' }]);
  });

  it('that differs from an attached process is warned of, with the one that holds', () => {
    const findings = paceFindings({ ...status, processes: [worker] }, 6050, real);
    expect(findings).toMatchObject([{ level: 'WARN', message: expect.stringContaining('9000 applies') }]);
  });

  it('of an API that does not answer is warned of, of one that no longer knows its tests fails; with what to do', () => {
    const outage = { cause: 'outage', why: 'down', since: -1, nextProbeAt: 60_000, failed: 0 } as const;
    expect(paceFindings({ ...status, circuit: outage }, 6050, real)).toMatchObject([
      {
        level: 'WARN',
        message: expect.stringMatching(/has not answered since .*\(down\); no requests except .*; see whether/),
      },
    ]);
    expect(paceFindings({ ...status, circuit: { ...outage, cause: 'controls' } }, 6050, real)).toMatchObject([
      { level: 'FAIL', message: expect.stringContaining('check API_BASE_URL') },
    ]);
  });

  it('of a queue that is held fails', () => {
    expect(paceFindings({ ...status, held: 'auth' }, 6050, real)).toMatchObject([{ level: 'FAIL' }]);
  });
});
