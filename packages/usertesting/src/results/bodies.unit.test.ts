import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstSession, foreignNotFound, readMoment } from './bodies.ts';

const page = '<!doctype html><html><title>Sign in</title></html>';

describe("a 404 is the API's", () => {
  it.each(['{}', '{"code":"NOT_FOUND","message":"x"}', '\uFEFF {"errorCode":"X"}\n', '{"anything":[1]}'])(
    'with %j as its body',
    (text) => {
      expect(foreignNotFound({ text, whole: true })).toBeNull();
    },
  );

  it.each([
    ['', 'an empty body'],
    [' \n', 'an empty body'],
    [page, 'HTML'],
    ['<?xml version="1.0"?><Error/>', 'XML'],
    ['404 page not found', 'text'],
    ['{"code":', 'text'],
    ['[]', 'JSON, but no object'],
    ['"not found"', 'JSON, but no object'],
    ['null', 'JSON, but no object'],
    ['404', 'JSON, but no object'],
  ])('but not with %j, which is %s', (text, form) => {
    expect(foreignNotFound({ text, whole: true })).toBe(form);
  });

  it('but not with a body that is too large to be read', () => {
    expect(foreignNotFound({ text: '{"a":"', whole: false })).toBe('more than 65536 bytes');
  });
});

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
    ['is null when there are none, and no error either', { sessions: [], errors: [], error: null }, null],
    ['is taken whatever test the answer names', { testId: 'x', sessions: [{ sessionId: 'a', testId: 'y' }] }, 'a'],
    ['stands beside an error', { sessions: [{ sessionId: 'a' }], errors: ['partial'] }, 'a'],
  ])('%s', (_rule, json, sessionId) => {
    expect(read(json)).toEqual({ sessionId, ...(sessionId !== null && { finishedAt: null }) });
  });

  it.each<[string, unknown]>([
    ['a list', []],
    ['null', null],
    ['sessions that are an object', { sessions: {} }],
    ['an object with nothing of what is documented', {}],
    ['an error in JSON', { code: 'X', message: 'no' }],
    ['an error beside meta', { errors: [{ title: 'down' }], meta: {} }],
    ['an error beside an empty list', { testId: 't', sessions: [], error: 'upstream timed out' }],
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

  it('any text is read without an exception', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes)),
        (text) => {
          expect(Object.keys(firstSession(text, now)).join(' ')).toMatch(/^(problem|sessionId|sessionId finishedAt)$/);
        },
      ),
    );
  });
});

const ten = Date.UTC(2026, 6, 20, 10);

describe('when a session finished', () => {
  it.each([
    ['2026-07-20T10:00:00Z', ten],
    ['2026-07-20T10:00:00.250Z', ten + 250],
    ['2026-07-20T10:00:00.1234567Z', ten + 123],
    ['2026-07-20T10:00:00', ten],
    ['2026-07-20T10:00', ten],
    ['2026-07-20 10:00:00', ten],
    ['2026-07-20t10:00:00z', ten],
    ['2026-07-20', ten - 36_000_000],
    ['2026-07-20T12:00:00+02:00', ten],
    ['2026-07-20T12:00:00+0200', ten],
    ['2026-07-20T03:00:00-07', ten],
    ['2026-07-22T11:00:00Z', now + 23 * 3_600_000],
  ])('%s is read', (text, moment) => {
    expect(readMoment(text, now)).toBe(moment);
  });

  it.each([
    ...[
      null,
      undefined,
      '',
      'yesterday',
      1_784_541_600_000,
      {},
      '20 Jul 2026',
      '2026-07',
      '2026-13-01',
      '2026-07-20T25:00',
    ],
    ...[
      '1970-01-01T00:00:00Z',
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      '2026-07-23T00:00:00Z',
      '+012026-07-20',
    ],
  ])('%j is not known', (value) => {
    expect(readMoment(value, now)).toBeNull();
  });

  it('any value is null or a possible moment', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        ),
        (value) => {
          const moment = readMoment(value, now);
          expect(moment === null || (Number.isInteger(moment) && moment > 0 && moment <= now + 86_400_000)).toBe(true);
        },
      ),
    );
  });
});
