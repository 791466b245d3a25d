import { expect, test } from 'vitest';
import { isTooOld, redisFacts } from './check-redis.ts';

test('the facts are read from what INFO answers', () => {
  const info =
    '# Server\r\nredis_version:7.0.15\r\nredis_mode:cluster\r\nrole:slave\r\nprocess_id:42\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n';
  expect(redisFacts(info)).toEqual({
    version: '7.0.15',
    isCluster: true,
    isReplica: true,
    processId: 42,
    evictionPolicy: 'noeviction',
    appendOnly: true,
  });
});

test('what INFO does not say is empty and off', () => {
  expect(redisFacts('')).toEqual({
    version: '',
    isCluster: false,
    isReplica: false,
    processId: 0,
    evictionPolicy: '',
    appendOnly: false,
  });
});

test.each([
  ['5.0.7', true],
  ['6.0.16', true],
  ['6.2.0', false],
  ['7.0.15', false],
  ['10.1.0', false],
  ['', false],
])('6.2 is the oldest Redis that will do: %s is too old: %s', (version, tooOld) => {
  expect(isTooOld(version)).toBe(tooOld);
});
