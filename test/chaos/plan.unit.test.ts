import { describe, expect, it } from 'vitest';
import { kindsOf, libraryOf, planRun } from './plan.ts';

const plans = Array.from({ length: 150 }, (_, seed) => planRun(seed));

describe('the plan of a chaos run', () => {
  it('is the same for the same seed, with the same library', () => {
    for (const plan of plans.slice(0, 10)) {
      const again = planRun(plan.seed);
      expect(again).toEqual(plan);
      expect([...libraryOf(again).tests()]).toEqual([...libraryOf(plan).tests()]);
    }
  });

  it('differs from seed to seed', () => {
    expect(new Set(plans.map((plan) => JSON.stringify({ ...plan, seed: 0 }))).size).toBe(plans.length);
  });

  it('has events in the order in which they are due', () => {
    const due = plans.map(({ events }) => events.map(({ atRequest }) => atRequest));
    expect(due).toEqual(due.map((each) => each.toSorted((a, b) => a - b)));
    expect(Math.min(...due.map(({ length }) => length))).toBeGreaterThanOrEqual(3);
  });

  it('has tests that fail for good, each once', () => {
    const twice = plans.filter(
      ({ permanent }) => new Set(permanent.map(({ testUuid }) => testUuid)).size < permanent.length,
    );
    expect(twice).toEqual([]);
  });

  it('meets every kind of event, process and interval in some of the seeds', () => {
    const troubles = plans.flatMap(({ events }) => events.map(({ trouble }) => trouble));
    const of = <Item>(items: readonly Item[]) => [...new Set(items)].sort();
    expect(of(troubles.map(({ kind }) => kind))).toEqual(
      [
        ...['cut', 'fault', 'join', 'limit', 'redis', 'revoke', 'signal', 'token-down'],
        ...['aof', 'forgetful', 'gateway', 'lost-key', 'outage', 'proxy', 'redis-clock'],
      ].sort(),
    );
    expect(of(plans.flatMap(({ roles }) => roles))).toEqual(['exporter', 'producer', 'start', 'worker']);
    expect(of(plans.map(({ settings }) => settings.REQUEST_INTERVAL_MS))).toEqual(['0', '20', '50']);
    expect(of(plans.map(({ library }) => library.workspaces))).toEqual([1, 2, 3, 4]);
  });

  it('meets each kind of trouble in a tenth to a third of the seeds', () => {
    const all = plans.map(kindsOf);
    const kinds = ['behind a proxy', 'process clocks', 'permanent faults', 'gateway', 'outage', 'aof', 'lost-key'];
    for (const kind of [...kinds, 'redis-clock']) {
      const share = all.filter((each) => each.has(kind)).length / plans.length;
      expect(share, kind).toBeGreaterThan(0.1);
      expect(share, kind).toBeLessThan(0.36);
    }
  });

  it('never gives a media probe a 200 with rubbish, which would decide', () => {
    const faults = plans.flatMap(({ events }) =>
      events.flatMap(({ trouble }) => (trouble.kind === 'fault' ? [trouble.fault] : [])),
    );
    const garbled = faults.filter(({ kind }) => kind === 'not-json' || kind === 'wrong-shape');
    const endpoints = [...new Set(garbled.map(({ endpoint }) => endpoint))].sort();
    expect(endpoints).toEqual(['listing', 'sessionResults', 'token', 'workspaces']);
  });
});
