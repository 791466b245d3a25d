import { describe, expect, it } from 'vitest';
import { TEST_KINDS } from './kinds.ts';
import { createLibrary } from './library.ts';

const W1 = 'aaaaaaaa-0000-4000-8000-000000000001';
const W2 = 'aaaaaaaa-0000-4000-8000-000000000002';
const T1 = 'bbbbbbbb-0000-4000-8000-000000000001';

describe('a generated library', () => {
  it('is the same for the same options and another for another seed', () => {
    const [first, same, other] = [1, 1, 2].map((seed) => [...createLibrary({ seed, tests: 60 }).tests()]);
    expect(same).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('holds every kind in nearly the proportions of the mix, also when it is small', () => {
    const kinds = [...createLibrary({ tests: 100, mix: { classic: 1, survey: 3 } }).tests()].map(({ kind }) => kind);
    const classic = kinds.filter((kind) => kind === 'classic').length;
    expect(classic).toBeGreaterThanOrEqual(24);
    expect(classic).toBeLessThanOrEqual(26);
  });

  it('has live conversations in its own mix only when metadata can tell them', () => {
    const has = (metadata: boolean) =>
      [...createLibrary({ tests: 300, metadata }).tests()].some(({ kind }) => kind === 'live conversation');
    expect([has(false), has(true)]).toEqual([false, true]);
  });

  it('lists every test newest first, in one workspace, except the shared ones, which are in two', () => {
    const library = createLibrary({ tests: 400, workspaces: 4, sharedTests: 7 });
    const listed = library.workspaces().flatMap(({ uuid }) => {
      const tests = library.listing(uuid, 0, 1000) ?? [];
      const times = tests.map(({ orderedAt }) => orderedAt);
      expect(times).toEqual(times.toSorted().reverse());
      return tests.map((test) => test.uuid);
    });
    expect(listed).toHaveLength(407);
    expect(new Set(listed).size).toBe(400);
  });

  it('finds every test and every session by its UUID, in any case', () => {
    const library = createLibrary({ tests: 50 });
    for (const test of library.tests()) {
      expect(library.test(test.uuid.toUpperCase())).toEqual(test);
      const ids = library.sessionIds(test.uuid);
      expect(ids).toHaveLength(test.sessions);
      for (const id of ids) expect(library.testOfSession(id)).toEqual(test);
    }
    expect(createLibrary({ tests: 49 }).test([...library.tests()].at(49)?.uuid ?? '')).toBeUndefined();
  });

  it('can have a million tests, each made when it is asked for', () => {
    const library = createLibrary({ tests: 1_000_000, workspaces: 1, nasty: true });
    const [last] = library.listing(library.workspaces()[0]?.uuid ?? '', 999_999, 50) ?? [];
    expect(last?.title).toMatch(/1000000$/);
    expect(library.test(last?.uuid ?? '')).toEqual(last);
  });

  it('has the titles of researchers, each of 240 once, and hostile ones when they are asked for', () => {
    const titles = (nasty: boolean) => [...createLibrary({ tests: 240, nasty }).tests()].map(({ title }) => title);
    expect(new Set(titles(false)).size).toBe(240);
    expect(titles(false).filter((title) => !/^[\w ,:?’-]+$/.test(title))).toEqual([]);
    expect(titles(true).some((title) => title.startsWith('='))).toBe(true);
  });

  it('refuses a mix without any weight', () => {
    expect(() => createLibrary({ mix: {} })).toThrow(RangeError);
  });
});

describe('a library given by hand', () => {
  it('lists tests in the order given and fills in what was left out', () => {
    const library = createLibrary({
      workspaces: [{ uuid: W1, name: 'One' }, { name: 'Two' }],
      tests: [{ kind: 'survey', uuid: T1, title: 'First' }, ...TEST_KINDS.map((kind) => ({ kind }))],
    });
    const tests = library.listing(W1, 0, 50) ?? [];
    expect(tests.map(({ kind }) => kind)).toEqual(['survey', ...TEST_KINDS]);
    expect(tests[0]).toMatchObject({ uuid: T1, title: 'First', sessions: 2, type: 'STUDYV2', productType: 'SURVEY' });
    expect(new Set(tests.map(({ uuid }) => uuid)).size).toBe(tests.length);
  });

  it('leaves type and productType out where they are null', () => {
    const library = createLibrary({
      workspaces: [{ name: 'One' }],
      tests: [{ kind: 'survey', type: null, productType: null }],
    });
    expect([...library.tests()][0]).toMatchObject({ type: undefined, productType: undefined });
  });

  it('names the workspaces of a test in the order of the workspace list', () => {
    const library = createLibrary({
      workspaces: [
        { uuid: W1, name: 'One' },
        { uuid: W2, name: 'Two' },
      ],
      tests: [{ kind: 'survey', uuid: T1, workspaces: [W2, W1] }],
    });
    expect(library.test(T1)?.workspaces).toEqual([W1, W2]);
  });

  it('refuses a UUID that is taken and a workspace that does not exist', () => {
    const library = createLibrary({ workspaces: [{ uuid: W1, name: 'One' }], tests: [{ kind: 'survey', uuid: T1 }] });
    expect(() => library.addTest({ kind: 'survey', uuid: T1 })).toThrow('already');
    expect(() => library.addTest({ kind: 'survey', workspaces: [W2] })).toThrow(W2);
    expect(() => library.addWorkspace({ uuid: W1, name: 'Again' })).toThrow('already');
  });
});

describe('a library that changes', () => {
  it('lists an added test first, so that all others move down by one', () => {
    const library = createLibrary({ tests: 100, workspaces: 1 });
    const [workspace] = library.workspaces();
    const before = library.listing(workspace?.uuid ?? '', 0, 1000) ?? [];
    const added = library.addTest({ kind: 'survey' });
    expect(library.listing(workspace?.uuid ?? '', 0, 1000)).toEqual([added, ...before]);
    expect(library.size()).toBe(101);
  });

  it('turns a test without sessions into a survey when it is given some, or into the kind that is named', () => {
    const library = createLibrary({
      workspaces: [{ name: 'One' }],
      tests: [{ kind: 'no-sessions' }, { kind: 'no-sessions' }],
    });
    const [first, second] = library.tests();
    expect(library.changeTest(first?.uuid ?? '', { sessions: 1 })).toMatchObject({ kind: 'survey', sessions: 1 });
    expect(library.changeTest(second?.uuid ?? '', { kind: 'think-out-loud', sessions: 3 })).toMatchObject({
      kind: 'think-out-loud',
      sessions: 3,
      offers: { video: false, qx: false, transcript: true },
      productType: 'THINK_OUT_LOUD',
    });
    expect(library.sessionIds(second?.uuid ?? '')).toHaveLength(3);
  });

  it('gives a generated test more sessions and leaves everything else as it is', () => {
    const library = createLibrary({ tests: 5, mix: { survey: 1 } });
    const [test] = library.tests();
    expect(library.changeTest(test?.uuid ?? '', { sessions: 99 })).toEqual({ ...test, sessions: 99 });
    expect(library.test(test?.uuid ?? '')?.sessions).toBe(99);
  });
});
