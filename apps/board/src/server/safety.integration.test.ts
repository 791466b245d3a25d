import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTestBoard, type TestBoard } from '../../../../test/support/open-test-board.ts';

const secret = 'correct horse battery staple';
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});
const paths = [
  '/',
  '/api/summary',
  '/api/tests',
  '/api/openapi.json',
  '/queues',
  '/metrics',
  '/readyz',
  '/assets/main.js',
  '/none',
];

/** A request that may say what fetch would not. */
async function raw(board: TestBoard, options: { method?: string; path?: string; headers?: Record<string, string> }) {
  const asked = request(board.url, options);
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

describe('a board with a password', () => {
  it('tells nothing without it or with a wrong one, but that it lives', async () => {
    const board = await openTestBoard(onTestFinished, { BOARD_PASSWORD: secret, BOARD_USER: 'me' });
    const wrong = [basic('me', 'wrong'), basic('admin', secret), basic('', ''), basic('me', `${secret} `)];
    for (const path of paths) {
      // No more than ten wrong ones, as what follows them is slow.
      for (const headers of [{}, { authorization: 'Basic %%%' }, ...(path === '/api/summary' ? wrong : [])]) {
        const answer = await board.get(path, headers);
        expect([path, answer.status]).toEqual([path, 401]);
        expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
      }
    }
    expect(await (await board.get('/healthz')).json()).toEqual({ status: 'ok' });
    expect((await board.get('/api/summary', basic('me', secret))).status).toBe(200);
    expect((await board.get('/readyz', basic('me', secret))).status).toBe(200);
  });

  it('answers to any name', async () => {
    const board = await openTestBoard(onTestFinished, { BOARD_PASSWORD: secret });
    const headers = { host: 'board.example', ...basic('admin', secret) };
    expect((await raw(board, { path: '/api/summary', headers })).status).toBe(200);
  });
});

describe('a board without a password', () => {
  it('answers to the names of this machine only, so that no page elsewhere can have its name point here', async () => {
    const board = await openTestBoard(onTestFinished);
    for (const host of [
      'evil.example',
      'evil.example:3000',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '10.0.0.1',
    ]) {
      expect([host, (await raw(board, { path: '/api/summary', headers: { host } })).status]).toEqual([host, 403]);
    }
    for (const host of ['localhost', 'LOCALHOST:3000', '127.0.0.1:1', '127.1.2.3', '[::1]:3000']) {
      expect([host, (await raw(board, { path: '/api/summary', headers: { host } })).status]).toEqual([host, 200]);
    }
  });
});

describe('every answer', () => {
  it('may load from the board only, be embedded nowhere, and has a type that no browser guesses', async () => {
    const board = await openTestBoard(onTestFinished);
    for (const path of [...paths, '/healthz']) {
      const { headers } = await board.get(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe-eval|https?:|\*|script-src[^;]*unsafe/);
      expect(policy.includes('unsafe-inline')).toBe(path === '/queues');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('to what would change something is 405', async () => {
    const board = await openTestBoard(onTestFinished);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      for (const path of ['/', '/api/tests', '/queues/api/queues/classify/pause', '/healthz']) {
        const { status, headers } = await raw(board, { method, path });
        expect([method, path, status, headers.allow]).toEqual([method, path, 405, 'GET, HEAD']);
      }
    }
    expect((await raw(board, { method: 'HEAD', path: '/api/tests?format=csv' })).body).toBe('');
  });

  it('to an address that is too long is 414, and to one that leads nowhere 404', async () => {
    const board = await openTestBoard(onTestFinished);
    expect((await board.get(`/api/tests?q=${'x'.repeat(4_096)}`)).status).toBe(414);
    for (const path of ['/none', '/api/none', '/assets/none.js', '/queues/none/none/none.js']) {
      const answer = await board.get(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(await answer.json()).toMatchObject({ type: 'about:blank', status: 404, title: 'Not Found' });
    }
    const said = await (await board.get('/api/none')).text();
    expect(said).toContain('There is nothing at /api/none. /api/openapi.json says what there is.');
  });

  it('holds no secret of the settings', async () => {
    const token = 'token-that-nobody-may-see';
    const secrets = { CLIENT_SECRET: 'client-secret-nobody', ACCESS_TOKEN: token, EXPIRES_IN: '4102444800' };
    const board = await openTestBoard(onTestFinished, { ...secrets, BOARD_PASSWORD: secret });
    const more = [
      '/queues/api/queues?activeQueue=classify&page=1&jobsPerPage=10',
      '/queues/api/redis/stats',
      '/api/tests?format=csv',
      '/api/tests/x',
    ];
    for (const path of [...paths, ...more]) {
      const answer = await board.get(path, basic('admin', secret));
      const said = JSON.stringify([...answer.headers]) + (await answer.text());
      for (const hidden of [secrets.CLIENT_SECRET, token, secret]) expect(said).not.toContain(hidden);
    }
  });
});
