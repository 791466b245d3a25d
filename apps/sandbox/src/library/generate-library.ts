import type { CompleteLibraryOptions } from './library-options.ts';
import { pickKind } from './pick-kind.ts';
import { PEOPLE, TITLES, WORKSPACE_NAMES } from './sample-texts.ts';
import type { SandboxTest, Workspace } from './sandbox-test.ts';
import { hash32 } from './seeded-hash.ts';
import { seededUuid } from './seeded-uuid.ts';
import { KIND_FACTS } from './test-kind.ts';

/** A library as a rule: nothing is stored, each test is made from its index when it is asked for. */
export interface GeneratedLibrary {
  readonly workspaces: readonly Workspace[];
  /** Positions in `workspaces` of the workspaces that list test `index`, ascending. */
  placesOf(index: number): readonly number[];
  /** Test `index`; 0 is the newest. */
  test(index: number): SandboxTest;
}

const DAY_MS = 86_400_000;

/** The rule that makes the tests of a seeded library; the same options give the same tests. */
export function generateLibrary(options: CompleteLibraryOptions): GeneratedLibrary {
  const { seed, tests } = options;
  const workspaces = Array.from({ length: options.workspaces }, (_, index) => generateWorkspace(seed, index));
  const kindOf = pickKind(seed, options.mix);
  const newest = Date.parse(options.newestAt);
  const stepMs = (options.spanDays * DAY_MS) / Math.max(1, tests);
  const sharedEvery = options.sharedTests > 0 ? Math.max(1, Math.floor(tests / options.sharedTests)) : 0;

  function placesOf(index: number): readonly number[] {
    const own = hash32(seed, index, 10) % workspaces.length;
    const isShared = sharedEvery > 0 && index % sharedEvery === 0 && index / sharedEvery < options.sharedTests;
    if (!isShared || workspaces.length < 2) return [own];
    const other = (own + 1) % workspaces.length;
    return own < other ? [own, other] : [other, own];
  }

  function test(index: number): SandboxTest {
    const kind = kindOf(index);
    const facts = KIND_FACTS[kind];
    const metadata = pick(facts.metadata, hash32(seed, index, 11));
    // The reference shows these values in both cases.
    const shown = (value: string) => (hash32(seed, index, 12) % 4 === 0 ? value.toLowerCase() : value);
    const orderedMs = newest - (index + (hash32(seed, index, 13) / 2 ** 32) * 0.9) * stepMs;
    return {
      uuid: seededUuid('test', seed, index),
      title: `${pick(TITLES, hash32(seed, index, 14))} ${index + 1}`,
      orderedAt: `${new Date(orderedMs).toISOString().slice(0, 19)}Z`,
      orderedBy: pick(PEOPLE, hash32(seed, index, 15)),
      workspaces: placesOf(index).map((place) => workspaces[place]?.uuid ?? ''),
      kind,
      sessions: kind === 'classic' || kind === 'no-sessions' ? 0 : 1 + (hash32(seed, index, 16) % 25),
      finishTime: options.finishTime,
      offers: facts.offers,
      type: shown(metadata.type),
      productType: shown(metadata.productType),
    };
  }

  return { workspaces, placesOf, test };
}

/** Workspace `index` under a seed; names repeat with a number after the list of sample names is used up. */
export function generateWorkspace(seed: number, index: number): Workspace {
  const round = Math.floor(index / WORKSPACE_NAMES.length);
  const name = WORKSPACE_NAMES[index % WORKSPACE_NAMES.length] ?? 'Workspace';
  return {
    uuid: seededUuid('workspace', seed, index),
    id: String(10_000 + index),
    name: round === 0 ? name : `${name} ${round + 1}`,
  };
}

function pick<Item>(items: readonly Item[], number: number): Item {
  const item = items[number % items.length];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}
