import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstSession } from './first-session.ts';

const now = Date.UTC(2026, 6, 21, 12);
const read = (json: unknown) => firstSession(JSON.stringify(json), now);

describe('the first session of a test', () => {
  it.each<[string, unknown, string | null]>([
    ['is the first in the list', { sessions: [{ sessionId: 'a' }, { sessionId: 'b' }] }, 'a'],
    ['needs nothing but its id', { sessions: [{ sessionId: 'a', status: 7 }, null], meta: 'x' }, 'a'],
    ['may have a number for an id', { sessions: [{ sessionId: 12345 }] }, '12345'],
    ['is null when there are none', { testId: 't', sessions: [] }, null],
    ['is null when the list is null', { sessions: null }, null],
    ['is null when the list is missing beside what else is documented', { testId: 't' }, null],
    ['is null when there is nothing but meta', { meta: {} }, null],
  ])('%s', (_rule, json, sessionId) => {
    expect(read(json)).toEqual({ sessionId, ...(sessionId !== null && { finishedAt: null }) });
  });

  it.each<[string, unknown]>([
    ['a list', []],
    ['null', null],
    ['sessions that are an object', { sessions: {} }],
    ['an object with nothing of what is documented', {}],
    ['an error in JSON', { code: 'X', message: 'no' }],
    ['a session that is null', { sessions: [null] }],
    ['an empty id', { sessions: [{ sessionId: '' }] }],
    ['an id that would name another path', { sessions: [{ sessionId: '..' }] }],
    ['an id that no address can hold', { sessions: [{ sessionId: '\uD800' }] }],
    ['a number that lost its digits', { sessions: [{ sessionId: 2 ** 60 }] }],
  ])('%s is not the documented answer', (_what, json) => {
    expect(read(json)).toHaveProperty('problem');
  });

  it('comes with its finish time', () => {
    const sessions = [{ sessionId: 'a', finishTime: '2026-07-20T10:00:00Z' }, { sessionId: 'b' }];
    expect(read({ sessions })).toEqual({ sessionId: 'a', finishedAt: Date.UTC(2026, 6, 20, 10) });
  });

  it('a text that is not JSON is not the documented answer', () => {
    expect(firstSession('<html>', now)).toHaveProperty('problem');
    expect(firstSession('', now)).toHaveProperty('problem');
    expect(firstSession('{"sessions":[]', now)).toHaveProperty('problem');
  });

  it('JSON of any shape gives a usable id, no session or a problem, and never an exception', () => {
    const maybeSessions = fc.record({
      sessions: fc.oneof(fc.jsonValue(), fc.array(fc.record({ sessionId: fc.jsonValue() }))),
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), maybeSessions), (json) => {
        const found = read(json);
        if ('problem' in found) return;
        const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
        expect(isObject).toBe(true);
        if (found.sessionId === null)
          expect([undefined, 0]).toContain((json as { sessions?: [] | null }).sessions?.length);
        else expect(encodeURIComponent(found.sessionId)).not.toBe('');
      }),
    );
  });

  it('any text at all is read without an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(Object.keys(firstSession(text, now)).join(' ')).toMatch(/^(problem|sessionId|sessionId finishedAt)$/);
      }),
    );
  });
});
