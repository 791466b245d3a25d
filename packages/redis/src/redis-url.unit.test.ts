import { expect, test } from 'vitest';
import { describeTarget, parseRedisUrl } from './redis-url.ts';

const plain = { socketPath: '', masterName: '', username: '', password: '', db: 0, tls: false };

test('a plain URL names one Redis, on port 6379 unless it says otherwise', () => {
  expect(parseRedisUrl('redis://redis')).toEqual({ ...plain, kind: 'single', nodes: [{ host: 'redis', port: 6379 }] });
});

test('user, password, port and database are taken from the URL, with escapes undone', () => {
  expect(parseRedisUrl('redis://me%40home:p%2Fa%25s%23s@10.0.0.1:7000/5')).toEqual({
    ...plain,
    kind: 'single',
    nodes: [{ host: '10.0.0.1', port: 7000 }],
    username: 'me@home',
    password: 'p/a%s#s',
    db: 5,
  });
});

test('rediss means TLS, and an IPv6 address stands in brackets', () => {
  expect(parseRedisUrl('rediss://[::1]:7000')).toMatchObject({ tls: true, nodes: [{ host: '::1', port: 7000 }] });
});

test('an absolute path is a Unix socket', () => {
  expect(parseRedisUrl('/run/redis.sock')).toEqual({
    ...plain,
    kind: 'socket',
    nodes: [],
    socketPath: '/run/redis.sock',
  });
});

test('a list is a cluster; one login is for all its nodes', () => {
  expect(parseRedisUrl('rediss://me:pass@a:1,rediss://b:2,c')).toEqual({
    ...plain,
    kind: 'cluster',
    nodes: [
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
      { host: 'c', port: 6379 },
    ],
    username: 'me',
    password: 'pass',
    tls: true,
  });
});

test('Sentinel URLs list the sentinels and name the master', () => {
  expect(parseRedisUrl('redis+sentinel://:p%2Cw@s1:1,s2/main/3')).toEqual({
    ...plain,
    kind: 'sentinel',
    nodes: [
      { host: 's1', port: 1 },
      { host: 's2', port: 26_379 },
    ],
    masterName: 'main',
    password: 'p,w',
    db: 3,
  });
});

test.each([
  'geheim',
  'http://geheim',
  'redis://',
  'redis://:gehe/im@host',
  'redis://user:12/geheim@host:6379',
  'redis://user:12?geheim@host',
  'redis://user:12#geheim@host',
  'redis://:gehe%im@host',
  'redis://host:0/geheim',
  'redis://host/geheim',
  'redis://:geheim@a/1,redis://b/1',
  'redis+sentinel://:geheim@host',
  'redis+sentinel://:gehe@im@host/main',
  'redis://host:99999/geheim',
])('a URL that cannot be read is refused without repeating any of it: %s', (url) => {
  expect(() => parseRedisUrl(url)).toThrow(/^REDIS_URL (?!.*(geheim|gehe%|gehe@))/);
});

test.each([
  ['redis://me:geheim@host', 'redis://host:6379/0'],
  ['rediss://:geheim@[::1]:1/2', 'rediss://[::1]:1/2'],
  ['redis://:geheim@a:1,b:2', 'cluster redis://a:1,b:2'],
  ['redis+sentinel://me:geheim@a,b:2/main/1', 'redis+sentinel://a:26379,b:2/main/1'],
  ['/run/redis.sock', '/run/redis.sock'],
])('a target is described without its login: %s', (url, described) => {
  expect(describeTarget(parseRedisUrl(url))).toBe(described);
});
