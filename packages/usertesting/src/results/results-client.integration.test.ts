import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { ProbeName } from '@inventory/classification';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../errors.ts';
import { answeringServer, rawServer } from '../http/answering-server.test.ts';
import { createResultsClient, type ResultsClientOptions } from './results-client.ts';

const target = { testUuid: 't1', sessionId: 's1' };
const token = 'token-abcdef';
const probes: readonly ProbeName[] = ['sessions', 'video', 'qx', 'transcript'];
const media = probes.slice(1);

/** Asks once, with a client of its own; gives the answer or the error. */
async function askOnce(
  baseUrl: string,
  probe: ProbeName,
  options: Partial<ResultsClientOptions> = {},
): Promise<unknown> {
  const client = createResultsClient({ baseUrl, requestTimeoutMs: 5_000, ...options });
  try {
    return await client.ask(probe, target, token);
  } catch (error) {
    return error;
  } finally {
    client.close();
  }
}

async function failure(baseUrl: string, probe: ProbeName, requestTimeoutMs = 5_000): Promise<ApiError> {
  const error = await askOnce(baseUrl, probe, { requestTimeoutMs });
  if (error instanceof ApiError) return error;
  throw new Error(`expected an error, got ${inspect(error)}`);
}

/** The body that the API gives for what is there. */
const data: Readonly<Record<ProbeName, string>> = {
  sessions: '{"sessions":[{"sessionId":"a"}]}',
  video: '{"videoUrl":"https://videos.test/v.mp4"}',
  qx: '{"testId":"t1","qxScores":[],"meta":{}}',
  transcript: 'WEBVTT\n\n00:01.000 --> 00:02.000\nwords of a participant',
};

const sessions = (json: unknown) => `${JSON.stringify(json)}`;

describe('evidence', () => {
  it('200 for sessions is present, with the first session and the allowance', async () => {
    await using server = await answeringServer((response) => {
      response.setHeader('x-ratelimit-remaining', '3');
      response.end(sessions({ sessions: [{ sessionId: 'a', finishTime: '2026-07-20T10:00:00Z' }] }));
    });
    expect(await askOnce(server.url, 'sessions')).toEqual({
      outcome: 'present',
      sessionId: 'a',
      finishedAt: Date.UTC(2026, 6, 20, 10),
      rateLimit: { limit: null, remaining: 3, resetSeconds: null },
    });
    expect(server.seen[0]).toMatchObject({
      method: 'GET',
      url: '/api/v2/sessionResults?testId=t1&offset=0&limit=10',
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    });
  });

  it('a compressed list of sessions with a byte order mark is read', async () => {
    await using server = await answeringServer((response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync('\uFEFF{"sessions":[]}'));
    });
    expect(await askOnce(server.url, 'sessions')).toEqual({ outcome: 'present', sessionId: null, rateLimit: null });
  });

  it.each(media)(
    '200 for %s is present when its body begins as the data does, whatever its content type',
    async (probe) => {
      await using server = await answeringServer((response) => {
        response.setHeader('content-type', 'text/html').end(`\uFEFF${data[probe]}`);
      });
      expect(await askOnce(server.url, probe)).toEqual({ outcome: 'present', rateLimit: null });
      expect(server.seen[0]?.headers['accept-encoding']).toBe('identity');
    },
  );

  it.each(media)('200 for %s is read although it is compressed, which nobody asked for', async (probe) => {
    await using server = await answeringServer((response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync(data[probe]));
    });
    expect(await askOnce(server.url, probe)).toMatchObject({ outcome: 'present' });
  });

  it.each(media)(
    '200 for %s is present although its body is cut off, or never ends, after enough of it',
    async (probe) => {
      const start = probe === 'transcript' ? 'WEBVTT' : data[probe];
      await using cut = await rawServer(`HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n${start}`, 'reset');
      await using endless = await rawServer(`HTTP/1.1 200 OK\r\n\r\n${start}`, 'stay');
      expect(await askOnce(cut.url, probe)).toMatchObject({ outcome: 'present' });
      expect(await askOnce(endless.url, probe)).toMatchObject({ outcome: 'present' });
    },
  );

  it.each(probes)(
    '404 for %s is absent when its body is a JSON object, whatever its keys, compressed or not',
    async (probe) => {
      await using server = await answeringServer((response, _request, nth) => {
        response.statusCode = 404;
        if (nth === 0) response.end('{"anything":"at all"}');
        else response.setHeader('content-encoding', 'gzip').end(gzipSync('{}'));
      });
      expect(await askOnce(server.url, probe)).toMatchObject({ outcome: 'absent' });
      expect(await askOnce(server.url, probe)).toMatchObject({ outcome: 'absent' });
    },
  );

  it.each(probes)('404 for %s is absent whatever comes with it where NOT_FOUND_BODY is any', async (probe) => {
    await using page = await answeringServer((response) => response.writeHead(404).end('<html>'));
    await using cut = await rawServer('HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\n{"co', 'reset');
    for (const { url } of [page, cut]) {
      expect(await askOnce(url, probe, { notFoundBody: 'any' })).toMatchObject({ outcome: 'absent' });
    }
  });
});

describe("an answer that is not the API's", () => {
  const page = '<!doctype html><html><title>Sign in</title></html>';

  it.each(probes.flatMap((probe) => ['', page, 'not found', '[]', 'null'].map((body) => ({ probe, body }))))(
    'is a 404 for $probe with $body',
    async ({ probe, body }) => {
      await using server = await answeringServer((response) => {
        response.writeHead(404, { 'content-type': 'application/json' }).end(body);
      });
      const error = await failure(server.url, probe);
      expect(error).toMatchObject({ name: 'ForeignAnswerError', type: 'invalid_response', status: 404 });
      expect(error.message).toMatch(
        /answered 404, but not in the API's form .*a 404 that is not the API's.*NOT_FOUND_BODY/,
      );
      if (probe !== 'sessions') expect(error.body).toBeNull();
    },
  );

  it('leaves nothing of its body', async () => {
    await using server = await answeringServer((response) => response.writeHead(404).end(`${page}${token}`));
    expect(await failure(server.url, 'sessions')).toMatchObject({ body: null });
  });

  it.each(
    media.flatMap((probe) =>
      ['', page, '{"code":"X","message":"secret of a participant"}'].map((body) => ({ probe, body })),
    ),
  )('is a 200 for $probe with $body, nothing of which is kept', async ({ probe, body }) => {
    await using server = await answeringServer((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });
    const error = await failure(server.url, probe);
    expect(error).toMatchObject({ name: 'ForeignAnswerError', type: 'invalid_response', status: 200, body: null });
    expect(inspect(error, { depth: 9 })).not.toMatch(/participant|Sign in/);
  });

  it('is recognised by its first byte, so that a page that never ends delays nothing', async () => {
    await using server = await rawServer('HTTP/1.1 200 OK\r\n\r\n<', 'stay');
    expect(await failure(server.url, 'video')).toMatchObject({ name: 'ForeignAnswerError' });
  });

  it('is a 404 of endless size, of which little is read', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    await using server = await answeringServer((response) => {
      closed = once(response, 'close');
      response.writeHead(404).write(`{"a":"${'x'.repeat(100_000)}`);
    });
    expect(await failure(server.url, 'video')).toMatchObject({ name: 'ForeignAnswerError', status: 404 });
    await closed;
  });

  it('is a small 404 that unpacks to a huge one', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    await using server = await answeringServer((response) => {
      response.writeHead(404, { 'content-encoding': 'gzip' }).end(bomb);
    });
    expect(await failure(server.url, 'video')).toMatchObject({ name: 'ForeignAnswerError', status: 404 });
  });
});

describe('what is no evidence', () => {
  it.each(
    probes.flatMap((probe) =>
      [204, 206, 302, 400, 401, 403, 408, 410, 425, 429, 500, 503].map((status) => ({ probe, status })),
    ),
  )('$status for $probe is an error with that status, asked once', async ({ probe, status }) => {
    await using server = await answeringServer((response) => {
      response.writeHead(status, { location: '/elsewhere', 'retry-after': '7' });
      response.end(status === 204 ? undefined : `{"participant":"Jane","message":"${token}"}`);
    });
    const error = await failure(server.url, probe);
    expect(error).toMatchObject({ status, retryAfterMs: 7_000 });
    expect(server.seen).toHaveLength(1);
    expect(inspect(error, { depth: 9 })).not.toContain(token);
    if (probe !== 'sessions' || status === 204) expect(error.body).toBeNull();
    else expect(error.body).toEqual({ message: '[secret]' });
  });

  it.each([
    '[]',
    'null',
    '"x"',
    '',
    '<html>',
    '{"sessions":{}}',
    '{"sessions":[{}]}',
    '{"sessions":[{"sessionId":"a"}',
    '{}',
    '{"code":"X","message":"no"}',
  ])('a 200 for sessions that says %s is an invalid response, whose body is not kept', async (body) => {
    await using server = await answeringServer((response) => response.end(body));
    expect(await failure(server.url, 'sessions')).toMatchObject({ type: 'invalid_response', status: 200, body: null });
  });

  it('a small body that unpacks to a huge one is an invalid response', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, ' '));
    await using server = await answeringServer((response) => {
      response.setHeader('content-encoding', 'gzip').end(bomb);
    });
    expect(await failure(server.url, 'sessions')).toMatchObject({ type: 'invalid_response', status: 200 });
  });

  it.each(probes.flatMap((probe) => [200, 404].map((status) => ({ probe, status }))))(
    'a $status for $probe that cannot be decompressed is an invalid response',
    async ({ probe, status }) => {
      await using server = await answeringServer((response) => {
        response.writeHead(status, { 'content-encoding': 'gzip' }).end('\u0000 not gzip');
      });
      const error = await failure(server.url, probe);
      expect(error).toMatchObject({ name: 'TransientError', type: 'invalid_response', status, body: null });
    },
  );

  it.each(probes)('a 404 for %s whose body is cut off or never ends is a network error', async (probe) => {
    await using cut = await rawServer('HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\n{}', 'reset');
    await using endless = await rawServer('HTTP/1.1 404 Not Found\r\n\r\n{}', 'stay');
    for (const { url } of [cut, endless]) {
      expect(await failure(url, probe, 300)).toMatchObject({ name: 'TransientError', type: 'network_error' });
    }
  });

  it.each(media)('a 200 for %s that is cut off or hangs before enough of it is a network error', async (probe) => {
    const start = probe === 'transcript' ? 'WEBVT' : '{"videoUrl"';
    await using cut = await rawServer(`HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n${start}`, 'reset');
    await using endless = await rawServer(`HTTP/1.1 200 OK\r\n\r\n${start}`, 'stay');
    for (const { url } of [cut, endless]) {
      expect(await failure(url, probe, 300)).toMatchObject({ name: 'TransientError', type: 'network_error' });
    }
  });

  it.each([
    ['by length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"sessions":[]}', 'end'],
    ['by chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n{"sessions":[]}', 'end'],
    ['by a reset', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"sessions":[]}', 'reset'],
  ] as const)('a 200 for sessions whose body is cut off (seen %s) is a network error', async (_how, bytes, ending) => {
    await using server = await rawServer(bytes, ending);
    expect(await failure(server.url, 'sessions')).toMatchObject({ name: 'TransientError', type: 'network_error' });
  });

  it.each([
    ['what is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'stay'],
    ['half a header', 'HTTP/1.1 200 OK\r\nContent-Le', 'end'],
    ['nothing', '', 'end'],
    ['a reset', '', 'reset'],
  ] as const)('%s is a network error', async (_what, bytes, ending) => {
    await using server = await rawServer(bytes, ending);
    for (const probe of probes) {
      expect(await failure(server.url, probe)).toMatchObject({ type: 'network_error', status: null });
    }
  });

  it('a refused connection and an unknown name are network errors that say what to check', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    expect((await failure(`http://127.0.0.1:${port}`, 'qx')).message).toContain('refuses the connection');
    expect(await failure('http://no-such-host.invalid', 'qx')).toMatchObject({ type: 'network_error', status: null });
  });

  it('the status of an error counts although its body is cut off or never ends', async () => {
    await using cut = await rawServer('HTTP/1.1 429 X\r\nContent-Length: 99\r\nRetry-After: 3\r\n\r\n{"m', 'reset');
    await using endless = await rawServer('HTTP/1.1 503 X\r\n\r\nsorry', 'stay');
    expect(await failure(cut.url, 'sessions')).toMatchObject({ name: 'ThrottledError', pauseMs: 3_000 });
    expect(await failure(endless.url, 'sessions', 600)).toMatchObject({ status: 503, body: null });
  });
});

describe('the deadline', () => {
  it.each([
    ['no byte comes', ''],
    ['headers do not end', 'HTTP/1.1 200 OK\r\nX: '],
    ['the body does not end', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"sess'],
  ])('ends a request when %s', async (_what, bytes) => {
    await using server = await rawServer(bytes, 'stay');
    const error = await failure(server.url, 'sessions', 150);
    expect(error).toMatchObject({ name: 'TransientError', type: 'network_error' });
    expect(error.message).toContain('no answer within 0.15 s');
  });

  it('is a total: a body that keeps arriving does not lengthen it', async () => {
    await using server = await answeringServer((response) => {
      const drip = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(drip));
    });
    expect(await failure(server.url, 'sessions', 1_000)).toMatchObject({ type: 'network_error', status: 200 });
  });

  it('the signal ends a request with its reason', async () => {
    await using server = await rawServer('', 'stay');
    const client = createResultsClient({ baseUrl: server.url, requestTimeoutMs: 30_000 });
    const stop = new AbortController();
    const reason = new Error('shutting down');
    const asked = client.ask('sessions', target, token, stop.signal);
    stop.abort(reason);
    await expect(asked).rejects.toBe(reason);
    client.close();
  });
});

describe('connections', () => {
  it('are reused after each probe, although media bodies are not read to their end', async () => {
    await using server = await answeringServer((response, { url }) => {
      if (url.includes('qxScores')) response.writeHead(404).end('{}');
      else if (url.includes('testId')) response.end(data.sessions);
      else response.end(url.includes('transcript') ? `WEBVTT${'x'.repeat(20_000)}` : data.video);
    });
    const client = createResultsClient({ baseUrl: server.url, requestTimeoutMs: 5_000 });
    const rounds = 10;
    for (let round = 0; round < rounds; round += 1) {
      for (const probe of probes) await client.ask(probe, target, token);
    }
    client.close();
    expect(new Set(server.seen.map(({ connection }) => connection)).size).toBeLessThan(rounds);
  });

  it.each(probes)(
    'one that is cut when it is reused gives no answer to %s, and nothing is sent twice',
    async (probe) => {
      await using server = await answeringServer((response, _request, nth) => {
        if (nth === 0) response.end('{"sessions":[]}');
        else response.socket?.resetAndDestroy();
      });
      const client = createResultsClient({ baseUrl: server.url, requestTimeoutMs: 5_000 });
      await client.ask('sessions', target, token);
      const error = await client.ask(probe, target, token).catch((failed: unknown) => failed);
      client.close();
      expect(error).toMatchObject({ name: 'TransientError', type: 'network_error', status: null });
      expect(server.seen.map(({ connection }) => connection)).toEqual([0, 0]);
    },
  );

  it('a large media body is cut off instead of downloaded', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    await using server = await answeringServer((response) => {
      closed = once(response, 'close');
      response.setHeader('content-length', 500_000_000);
      response.write(`WEBVTT${'x'.repeat(100_000)}`);
    });
    expect(await askOnce(server.url, 'transcript')).toMatchObject({ outcome: 'present' });
    await closed;
  });
});
