import { DEFAULT_MIX, hasSessions, KIND_FACTS, kindRule, type Mix } from './kinds.ts';
import type { Person, SandboxTest, Workspace } from './sandbox-test.ts';
import { hash32, seededUuid } from './seeded.ts';

/** What a generated library looks like. The same options give the same library. */
export interface LibraryOptions {
  readonly seed?: number | undefined;
  /** Number of tests, 200 without it. */
  readonly tests?: number | undefined;
  /** Number of workspaces, 3 without it. */
  readonly workspaces?: number | undefined;
  readonly mix?: Mix | undefined;
  /** How many tests are listed in two workspaces, 0 without it; needs two workspaces. */
  readonly sharedTests?: number | undefined;
  /** Adds live conversations to the default mix: probes can't tell them from interaction tests, metadata can. */
  readonly metadata?: boolean | undefined;
  /** Names and titles that careless programs break on, instead of friendly ones. */
  readonly nasty?: boolean | undefined;
}

/** A library as a rule: nothing is stored, each test is made from its index when it is needed. */
interface GeneratedLibrary {
  readonly seed: number;
  readonly tests: number;
  readonly workspaces: readonly Workspace[];
  /** Positions in `workspaces` of the workspaces that list test `index`, ascending. */
  placesOf(index: number): readonly number[];
  /** Test `index`; 0 is the newest. */
  test(index: number): SandboxTest;
}

/** When the newest test of the tutorial was ordered. */
export const NEWEST_AT = '2026-02-13T12:07:33Z';
/** Over which time the orders of a library are spread: 2,000 days. */
const SPAN_MS = 2_000 * 86_400_000;

/** Names, titles and people of a library. */
interface Words {
  readonly workspaces: readonly string[];
  /** The title of test `index`, from random numbers of its own. */
  readonly titleOf: (index: number, random: number) => string;
  readonly people: readonly Person[];
}

const TOPICS: readonly string[] = [
  'Paying with a saved card',
  'First impression of the home page',
  'Finding a store nearby',
  'Opening an account',
  'Comparing two subscription plans',
  'Returning an order',
  'Search results and filters',
  'Menu labels: card sort',
  'Reading the delivery options',
  'Redeeming a voucher',
  'Tracking a parcel',
  'New navigation: tree test',
  'Booking an appointment',
  'Cancelling a subscription',
  'Understanding the price table',
  'Product page: photos or video?',
  'Setting up notifications',
  'Help centre: getting an answer',
  'Sharing a wish list',
  'Signing in without a password',
];
const AUDIENCES: readonly string[] = [
  'new customers',
  'returning customers',
  'people over 60',
  'parents of small children',
  'small businesses',
  'on a phone',
  'on a tablet',
  'in the app',
  'screen reader users',
  'students',
  'competitor’s customers',
  'pilot',
];

/** What researchers call their tests: no title twice in a round of 240. */
const FRIENDLY: Words = {
  workspaces: [
    'Checkout',
    'Mobile app',
    'Brand and marketing',
    'Customer support',
    'Research operations',
    'Growth',
    'Design system',
    'New markets',
  ],
  titleOf(index) {
    const combinations = TOPICS.length * AUDIENCES.length;
    // A prime step, so that neighbours have little in common.
    const place = (index * 97) % combinations;
    const title = `${pick(TOPICS, place)}, ${pick(AUDIENCES, Math.floor(place / TOPICS.length))}`;
    const round = Math.floor(index / combinations) + 1;
    return round === 1 ? title : `${title} (round ${round})`;
  },
  people: [
    { name: 'Blair Fraser', email: 'blair.fraser@example.com' },
    { name: 'Rosa Smith', email: 'rosa.smith@example.com' },
    { name: 'Hanako Sato', email: 'hanako.sato@example.com' },
    { name: 'Zoe Mueller', email: 'zoe.mueller@example.com' },
  ],
};

const NASTY_TITLES: readonly string[] = [
  'Checkout flow',
  '決済画面のユーザビリティ調査',
  '"Find a store" on mobile',
  'Première impression de la page d’accueil',
  'Onboarding – Konto eröffnen & prüfen',
  '新規登録フォーム「A案」と「B案」の比較',
  "What's new, banner test",
  '=SUM(A1:A9) pricing table',
  '<script>alert(1)</script> search page',
  'Card sort: навигация',
  'Emoji reactions 😀👍🏽',
  'Menu\\Settings; C:\\temp',
];

/** What real accounts have too, and careless programs break on: scripts, quotes, commas, markup, formulas. */
const NASTY: Words = {
  workspaces: [
    'Product Design',
    'リサーチ部',
    'Marketing "EMEA"',
    'Qualité & Expérience',
    "Tom's Lab, Berlin/München",
    'تجربة المستخدم',
    '<b>Checkout</b> Squad',
    'Växt 🚀 Growth',
  ],
  titleOf: (index, random) => `${pick(NASTY_TITLES, random)} ${index + 1}`,
  people: [
    { name: 'Blair Fraser', email: 'blair.fraser@example.com' },
    { name: '佐藤 花子', email: 'hanako.sato@example.com' },
    { name: 'Zoë "Z" Müller', email: 'zoe.mueller@example.com' },
  ],
};

/** The rule that makes the tests of a seeded library. Throws a RangeError for a mix without any weight. */
export function generateLibrary(options: LibraryOptions): GeneratedLibrary {
  const { seed = 1, tests = 200, sharedTests = 0, metadata = false, nasty = false } = options;
  const words = nasty ? NASTY : FRIENDLY;
  const { mix = metadata ? { ...DEFAULT_MIX, 'live conversation': 6 } : DEFAULT_MIX } = options;
  const workspaces = Array.from({ length: options.workspaces ?? 3 }, (_, index) =>
    generateWorkspace({ seed, index, nasty }),
  );
  const kindOf = kindRule(seed, mix);
  const stepMs = SPAN_MS / Math.max(1, tests);
  const sharedEvery = sharedTests > 0 ? Math.max(1, Math.floor(tests / sharedTests)) : 0;

  function placesOf(index: number): readonly number[] {
    const own = hash32(seed, index, 10) % workspaces.length;
    const isShared = sharedEvery > 0 && index % sharedEvery === 0 && index / sharedEvery < sharedTests;
    if (!isShared || workspaces.length < 2) return [own];
    const other = (own + 1) % workspaces.length;
    return own < other ? [own, other] : [other, own];
  }

  function test(index: number): SandboxTest {
    const kind = kindOf(index);
    const { offers, metadata } = KIND_FACTS[kind];
    const { type, productType } = pick(metadata, hash32(seed, index, 11));
    // The reference shows these values in both cases.
    const shown = (value: string) => (hash32(seed, index, 12) % 4 === 0 ? value.toLowerCase() : value);
    const orderedMs = Date.parse(NEWEST_AT) - (index + (hash32(seed, index, 13) / 2 ** 32) * 0.9) * stepMs;
    return {
      uuid: seededUuid('test', seed, index),
      title: words.titleOf(index, hash32(seed, index, 14)),
      orderedAt: wholeSeconds(orderedMs),
      orderedBy: pick(words.people, hash32(seed, index, 15)),
      workspaces: placesOf(index).map((place) => workspaces[place]?.uuid ?? ''),
      kind,
      sessions: hasSessions(kind) ? 1 + (hash32(seed, index, 16) % 25) : 0,
      finishTime: undefined,
      offers,
      type: shown(type),
      productType: shown(productType),
    };
  }

  return { seed, tests, workspaces, placesOf, test };
}

/** Workspace `index` under a seed; names repeat with a number after the list of sample names is used up. */
export function generateWorkspace(place: { seed: number; index: number; nasty?: boolean }): Workspace {
  const { seed, index, nasty = false } = place;
  const { workspaces } = nasty ? NASTY : FRIENDLY;
  const round = Math.floor(index / workspaces.length);
  const name = pick(workspaces, index);
  return {
    uuid: seededUuid('workspace', seed, index),
    id: String(10_000 + index),
    name: round === 0 ? name : `${name} ${round + 1}`,
  };
}

/** A time as the API writes it: ISO 8601, UTC, whole seconds. */
export function wholeSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function pick<Item>(items: readonly Item[], number: number): Item {
  const item = items[number % items.length];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}
