import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTestBoard, type TestBoard } from '../support/open-test-board.ts';
import { startOwnRedis } from '../support/redis-servers.ts';

const password = 'correct horse battery staple';
const login = (guess: string) => ({ authorization: `Basic ${Buffer.from(`admin:${guess}`).toString('base64')}` });
const allJobs = '/queues/api/queues?activeQueue=classify&status=prioritized&page=1';

async function ask(board: TestBoard, path: string, headers: Record<string, string> = {}) {
  const asked = request(board.url + path, { headers, agent: false });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

async function withJobs(count: number): Promise<TestBoard> {
  const board = await openTestBoard(onTestFinished);
  const jobs = Array.from({ length: count }, (_, index) => ({
    name: 'test' as const,
    data: { testUuid: `test-${index}`, v: 1 as const },
    opts: { priority: 10 },
  }));
  await board.queue.bull.addBulk(jobs);
  return board;
}

describe('asking Bull Board for all jobs', () => {
  it('gives 100 of them, however the number is written', async () => {
    const board = await withJobs(150);
    for (const asked of ['1000000', '101', '%31000', '1e6', '0xffff', '99999999999999999999', '10&jobsPerPage=1000']) {
      const { status, body } = await ask(board, `${allJobs}&jobsPerPage=${asked}`);
      expect([asked, status]).toEqual([asked, 200]);
      const [queue] = JSON.parse(body).queues;
      expect([asked, queue.jobs.length <= 100, queue.pagination.pageCount >= 2]).toEqual([asked, true, true]);
    }
    const second = await ask(board, `${allJobs.replace('page=1', 'page=2')}&jobsPerPage=1000000`);
    expect(JSON.parse(second.body).queues[0].jobs).toHaveLength(50);
    expect(JSON.parse((await ask(board, `${allJobs}&jobsPerPage=20`)).body).queues[0].jobs).toHaveLength(20);
  });

  it('many times at once lets 20 wait; the others are told to come later', async () => {
    const redis = await startOwnRedis(onTestFinished);
    const board = await openTestBoard(onTestFinished, { REDIS_URL: redis.url });
    redis.freeze();
    let refused = 0;
    const answers = Array.from({ length: 30 }, async () => {
      const { status, headers, body } = await ask(board, `${allJobs}&jobsPerPage=100`);
      if (status !== 429) return;
      refused += 1;
      expect([headers['retry-after'], JSON.parse(body).title]).toEqual(['10', 'Too Many Requests']);
    });
    await expect.poll(() => refused).toBe(9);
    redis.thaw();
    await Promise.all(answers);
    expect(refused).toBe(9);
    expect((await ask(board, allJobs)).status).toBe(200);
  });

  it('and going away does not keep the turn', async () => {
    const board = await withJobs(100);
    for (let round = 0; round < 30; round++) {
      const socket = await open(board);
      socket.write(`GET ${allJobs} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
      if (round % 2 === 0) await once(socket, 'data');
      socket.destroy();
    }
    await expect.poll(async () => (await ask(board, allJobs)).status).toBe(200);
  });
});

describe('guessing the password', () => {
  it('is slow after ten wrong ones, is counted, and is no trouble for who knows it', async () => {
    const board = await openTestBoard(onTestFinished, { BOARD_PASSWORD: password });
    const guess = async (word: string) => (await ask(board, '/api/summary', login(word))).status;
    expect(await Promise.all(Array.from({ length: 10 }, (_, index) => guess(`guess ${index}`)))).toEqual(
      Array(10).fill(401),
    );
    const startedAt = performance.now();
    const statuses = await Promise.all(['a', 'b', password].map(guess));
    expect(statuses).toEqual([401, 401, 200]);
    expect(performance.now() - startedAt).toBeGreaterThan(1_900);
    expect((await ask(board, '/healthz')).status).toBe(200);
    const { body } = await ask(board, '/metrics', login(password));
    expect(body).toContain('\ninventory_board_wrong_passwords_total 12\n');
  });

  it('with many requests at once finds most of them turned away', async () => {
    const board = await openTestBoard(onTestFinished, { BOARD_PASSWORD: password });
    for (let wrong = 0; wrong < 10; wrong++) await ask(board, '/', login('guess'));
    let refused = 0;
    const guesses = Array.from({ length: 30 }, async (_, index) => {
      if ((await ask(board, '/', login(`guess ${index}`))).status === 429) refused += 1;
    });
    await expect.poll(() => refused).toBe(9);
    await board.board.stop();
    await Promise.allSettled(guesses);
  });
});

describe('a foreign page in the browser of a visitor', () => {
  const from = (site: string, mode: string, dest: string) => ({
    'sec-fetch-site': site,
    'sec-fetch-mode': mode,
    'sec-fetch-dest': dest,
  });

  it('cannot ask for anything, so that it has nothing to measure', async () => {
    const board = await openTestBoard(onTestFinished);
    for (const site of ['cross-site', 'same-site', 'Cross-Site', 'unheard-of']) {
      for (const [mode, dest] of [
        ['no-cors', 'image'],
        ['no-cors', 'empty'],
        ['cors', 'empty'],
        ['no-cors', 'script'],
        ['navigate', 'iframe'],
        ['navigate', 'object'],
        ['navigate', 'empty'],
        ['no-cors', 'document'],
      ] as const) {
        for (const path of ['/api/tests?q=secret', '/', '/queues', '/metrics', '/assets/main.js']) {
          const { status } = await ask(board, path, from(site, mode, dest));
          expect([site, mode, dest, path, status]).toEqual([site, mode, dest, path, 403]);
        }
      }
    }
  });

  it('can link to the board; its own page and people can ask for everything', async () => {
    const board = await openTestBoard(onTestFinished);
    for (const headers of [
      from('cross-site', 'navigate', 'document'),
      from('same-site', 'navigate', 'document'),
      from('same-origin', 'cors', 'empty'),
      from('none', 'navigate', 'document'),
      {},
    ]) {
      for (const path of ['/', '/?test=a', '/api/tests?q=secret']) {
        expect([headers, path, (await ask(board, path, headers)).status]).toEqual([headers, path, 200]);
      }
    }
  });
});

describe('requests that are begun and not ended', () => {
  it('take 32 connections of one address, the oldest of which go, and others are served', async () => {
    const board = await openTestBoard(onTestFinished);
    const sockets: Socket[] = [];
    for (let opened = 0; opened < 300; opened++) {
      const socket = await open(board);
      socket.write('GET /api/summary HTTP/1.1\r\nhost: localhost\r\n');
      sockets.push(socket);
    }
    await expect.poll(() => sockets.filter(({ closed }) => !closed).length).toBe(32);
    expect(sockets.slice(-32).some(({ closed }) => closed)).toBe(false);
    expect((await ask(board, '/api/summary')).status).toBe(200);
  });

  it('are limited the same when each connection has sent a whole request before', async () => {
    const board = await openTestBoard(onTestFinished);
    const sockets: Socket[] = [];
    for (let opened = 0; opened < 60; opened++) {
      const socket = await open(board);
      socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n');
      await once(socket, 'data');
      socket.write('GET /healthz HTTP/1.1\r\n');
      sockets.push(socket);
    }
    await expect.poll(() => sockets.filter(({ closed }) => !closed).length).toBeLessThanOrEqual(32);
  });
});

/** A connection of a client that does not mind how it ends. */
async function open(board: TestBoard): Promise<Socket> {
  const socket = connect(Number(new URL(board.url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined).resume();
  await once(socket, 'connect');
  return socket;
}
