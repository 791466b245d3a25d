import { describe, expect, it } from 'vitest';
import type { Fault, FaultTarget } from './faults.ts';
import { faultBoard } from './faults.ts';
import { seededRandom } from './library/seeded.ts';

const TEST = 'bbbbbbbb-0000-4000-8000-000000000001';
function boardWith(...faults: Fault[]) {
  let now = 0;
  const board = faultBoard(() => now, seededRandom(1));
  for (const fault of faults) board.add(fault);
  const hit = (change: Partial<FaultTarget> = {}) =>
    board.choose({ endpoint: 'sessionResults', ...change })?.fault.kind ?? '-';
  const at = (ms: number) => {
    now = ms;
  };
  return { board, hit, at };
}

describe('faultBoard', () => {
  it('affects every request when it names nothing', () => {
    const { hit } = boardWith({ kind: 'reset' });
    expect([hit(), hit({ endpoint: 'token' }), hit({ endpoint: 'listing' })]).toEqual(['reset', 'reset', 'reset']);
  });

  it('affects the named endpoints, where results means the four of the Results API', () => {
    const { hit } = boardWith({ kind: 'hang', endpoint: 'token' }, { kind: 'reset', endpoint: 'results' });
    expect(
      (['token', 'workspaces', 'listing', 'transcript', 'qxScores'] as const).map((endpoint) => hit({ endpoint })),
    ).toEqual(['hang', '-', '-', 'reset', 'reset']);
  });

  it('affects only the named test, whatever the case of its UUID', () => {
    const { hit } = boardWith({ kind: 'reset', testUuid: TEST.toUpperCase() });
    expect([hit(), hit({ testUuid: TEST })]).toEqual(['-', 'reset']);
  });

  it('skips the first requests when asked to and ends after its count', () => {
    const { hit, board } = boardWith({ kind: 'reset', skip: 1, count: 2 });
    expect([hit(), hit(), hit(), hit()]).toEqual(['-', 'reset', 'reset', '-']);
    expect(board.list()).toEqual([]);
  });

  it('ends after its time', () => {
    const { hit, at } = boardWith({ kind: 'throttle', forMs: 50 });
    at(49);
    expect(hit()).toBe('throttle');
    at(50);
    expect(hit()).toBe('-');
  });

  it('hits with the given probability, and the same requests for the same seed', () => {
    const run = () => {
      const { hit } = boardWith({ kind: 'reset', probability: 0.25 });
      return Array.from({ length: 400 }, () => hit()).join('');
    };
    const hits = run().split('reset').length - 1;
    expect(hits).toBeGreaterThan(60);
    expect(hits).toBeLessThan(140);
    expect(run()).toBe(run());
  });

  it('takes the next fault that fits when the oldest has ended or was removed', () => {
    const { board, hit } = boardWith({ kind: 'reset', count: 1 }, { kind: 'hang' });
    expect([hit(), hit()]).toEqual(['reset', 'hang']);
    expect(board.remove('fault-2')).toBe(true);
    expect(hit()).toBe('-');
  });

  it('refuses an invalid fault', () => {
    const { board } = boardWith();
    expect(() => board.add({ kind: 'status', status: 99 })).toThrow();
    expect(() => board.add({ kind: 'reset', count: 0 })).toThrow();
  });
});
