import type { Endpoint, Fault } from '@inventory/sandbox';
import * as fc from 'fast-check';

export const int = (min: number, max: number) => fc.integer({ min, max });
export const pick = fc.constantFrom;

/** One value in so many of a hundred cases, else another. */
export function either<A, B>(percent: number, one: fc.Arbitrary<A>, other: fc.Arbitrary<B>): fc.Arbitrary<A | B> {
  return fc.oneof({ weight: percent, arbitrary: one }, { weight: 100 - percent, arbitrary: other });
}

/** True in so many of a hundred cases. */
export const chance = (percent: number) => either(percent, pick(true), pick(false));

/** A value in so many of a hundred cases, else null. */
export const maybe = <Value>(percent: number, value: fc.Arbitrary<Value>) => either(percent, value, pick(null));

/** A process of the program, by the name of its command. */
export type Role = 'start' | 'producer' | 'worker' | 'exporter';

type Values<Arbitraries> = { [Name in keyof Arbitraries]: Arbitraries[Name] extends fc.Arbitrary<infer V> ? V : never };
type Details = Values<ReturnType<typeof usualTroubles> & typeof specialTroubles>;
export type TroubleKind = keyof Details;
/** One thing that goes wrong, of one kind or of any. */
export type Trouble<Kind extends TroubleKind = TroubleKind> = {
  [K in Kind]: { readonly kind: K } & Readonly<Details[K]>;
}[Kind];

/** Wrong for every endpoint; an object without `sessions` would be an answer (no sessions). */
const wrongBodies = ['busy', 42, null, { sessions: 5 }, { sessions: [{ id: 1 }] }];
const garbled = either<Fault, Fault>(
  50,
  pick({ kind: 'not-json' }),
  pick(...wrongBodies).map((body) => ({ kind: 'wrong-shape', body })),
);
const broken = either<Fault, Fault>(
  33,
  pick(500, 502, 503, 504, 408, 425).map((status) => ({ kind: 'status', status })),
  pick('reset', 'reset-in-body', 'cut-body', 'hang').map((kind) => ({ kind })),
);

/** A fault that ends by itself after a few hits, and never gives a false answer: a later request gets the true one. */
function transientFault(endpoint: Endpoint | 'results'): fc.Arbitrary<Fault> {
  // A 200 of a media probe decides, whatever its body; only the other endpoints can answer 200 with rubbish.
  const isMedia = !['sessionResults', 'workspaces', 'listing', 'token'].includes(endpoint);
  const isOften = isMedia || endpoint === 'sessionResults';
  return either(isMedia ? 0 : 35, garbled, broken).chain((fault) =>
    fc
      .record({
        // Endpoints outside of the Results API back off for seconds after the second failure.
        count: int(1, isOften && fault.kind !== 'hang' ? 8 : 2),
        probability: maybe(isOften ? 50 : 0, pick(0.2, 0.4, 0.7)),
        forMs: maybe(isOften ? 30 : 0, int(100, 900)),
      })
      .map(({ count, probability, forMs }) => ({
        // The token endpoint has ten seconds for an answer.
        ...(fault.kind === 'hang' && endpoint === 'token' ? { kind: 'reset' as const } : fault),
        ...{ endpoint, count },
        ...(probability !== null && { probability }),
        // Not for ever: while the circuit is open, requests that would use a number up are rare.
        ...(forMs === null ? { forMs: 5_000 } : { count: 1000, forMs }),
      })),
  );
}

/**
 * What goes wrong in every run, by kind, with its details; times in ms. kill -9 takes ten to fifteen seconds to be made
 * good (the locks of jobs), so many runs do without.
 */
function usualTroubles(roles: readonly Role[], kills: boolean) {
  const media = ['videoDownloadUrl', 'qxScores', 'transcript'] as const;
  const soft = fc.record({ signal: pick('SIGTERM', 'SIGINT'), twice: kills ? chance(20) : pick(false) });
  const hard = fc.record({ signal: pick('SIGKILL'), twice: pick(false) });
  return {
    /** A signal to one of the processes of a role, counted around; `twice` sends it again while the process is ending. */
    signal: pick(...roles).chain((role) => {
      const isHarmless = role === 'exporter' || role === 'producer';
      const signal = either(kills || isHarmless ? 60 : 0, hard, soft);
      return fc.record({ which: int(0, 5), signal }).map(({ which, signal }) => ({ role, which, ...signal }));
    }),
    fault: pick(
      ...(['results', 'results', 'results', 'sessionResults', 'sessionResults', ...media] as const),
      ...(['workspaces', 'listing', 'token'] as const),
    ).chain((endpoint) => fc.record({ fault: transientFault(endpoint) })),
    /** A 429 that asks for a second at most. `date` and `past` are HTTP dates; the last two name it in another header. */
    limit: fc.record({
      endpoint: pick('results', 'results', 'results', 'listing', 'token'),
      form: pick('seconds', 'zero', 'date', 'past', 'nonsense', 'missing'),
      count: int(1, 2),
    }),
    /** kill -9 of Redis. */
    redis: fc.record({ downMs: int(50, 900) }),
    /** All connections are broken, and new ones refused for a while. */
    cut: fc.record({ line: pick('redis', 'api'), refuseMs: either(50, pick(0), int(50, 900)) }),
    /** All tokens become worthless. */
    revoke: fc.record({}),
    /** The token endpoint fails for a while, and all tokens become worthless. */
    'token-down': fc.record({ forMs: int(200, 2500), status: pick(500, 503, 429) }),
    /** One more process joins. */
    join: fc.record({ role: pick<Role>(roles.includes('start') ? 'start' : 'producer', 'worker') }),
  };
}

const weights = { signal: 20, fault: 60, limit: 20, redis: 10, cut: 20, revoke: 6, 'token-down': 4, join: 10 };

/**
 * Keys whose loss must be survived, after the prefix; `*` is any one of those that match. Evidence, verdicts, listing,
 * runs and open tests are not among them: they are what is known.
 */
const queueKeys = [
  ...['[0-9]*', '[0-9]*', 'de:*', 'wait', 'prioritized', 'delayed'],
  ...['active', 'meta', 'limiter', 'marker', 'stalled'],
];
const losableKeys = [
  ...queueKeys.map((name) => `:classify:${name}`),
  ...[':pause', ':starts', ':processes', ':failures', ':circuit', ':cursors', ':retries', ':streak', ':controls'],
  ...[':provisional', ':current'],
];

const page = {
  body: '<!doctype html><html><head><title>Sign in</title></head><body>Welcome to our network.</body></html>',
  headers: { 'content-type': 'text/html; charset=utf-8' },
};

/** What a fault is about: mostly the Results API, else all of the API. */
const reach = pick<Pick<Fault, 'endpoint'>>({ endpoint: 'results' }, { endpoint: 'results' }, {});

const foreignAnswers: readonly Pick<Extract<Fault, { kind: 'status' }>, 'status' | 'body' | 'headers'>[] = [
  ...[404, 200].map((status) => ({ status, ...page })),
  ...['default backend - 404', ''].map((body) => ({ status: 404, body })),
];

/** What goes wrong in some runs only, by kind, with its details; times in ms. */
const specialTroubles = {
  /** The forward proxy breaks its tunnels and refuses new ones with a status; null only breaks them. */
  proxy: fc.record({ status: pick(403, 404, 407, 502, 503, null), forMs: int(200, 3000) }),
  /** A gateway answers 404 in JSON for all tests, once two were known, until the queue is held because of it. */
  forgetful: fc.record({}),
  /** Something that is not the API answers in its place, in a way that can be told. */
  gateway: fc.record({
    answer: pick(...foreignAnswers),
    reach,
    forMs: int(200, 2500),
  }),
  /** Nothing of the API can be reached; `refuse` is about all of it. */
  outage: fc.record({
    how: pick('503', 'reset', 'hang', 'refuse'),
    reach,
    forMs: either(20, int(3000, 20_000), int(3000, 8000)),
  }),
  /** kill -9 of Redis, whose append-only file loses its last bytes; then another, so that half a transaction counts. */
  aof: fc.record({
    cutBytes: fc.oneof(int(1, 60), int(1, 500), int(1, 2000)),
    downMs: int(50, 500),
    againAfterMs: maybe(50, int(0, 800)),
  }),
  /** One key is deleted, of those that match a pattern after the prefix. */
  'lost-key': fc.record({ key: pick(...losableKeys), which: int(0, 50) }),
  /** Redis' clock is set. */
  'redis-clock': fc.record({ byMs: pick(-3_600_000, 3_600_000) }),
};

/** Any one of the usual troubles. */
export function usualTrouble(roles: readonly Role[], kills: boolean): fc.Arbitrary<Trouble> {
  const byKind = Object.entries(usualTroubles(roles, kills)) as [keyof typeof weights, fc.Arbitrary<object>][];
  return fc.oneof(...byKind.map(([kind, details]) => ({ weight: weights[kind], arbitrary: ofKind(kind, details) })));
}

/**
 * The special troubles of a run: each kind in a fifth of the runs. A gateway that answers JSON comes without most of the
 * others: what a cut file or a lost key takes away could be the very streak that finds it out.
 */
export function someSpecialTroubles(isForgetful: boolean): fc.Arbitrary<Trouble[]> {
  const some = (kind: keyof typeof specialTroubles, most: number, percent = 20) => {
    const troubles = fc.array(ofKind(kind, specialTroubles[kind]), { minLength: 1, maxLength: most });
    return either(percent, troubles, fc.constant([]));
  };
  const others = [some('gateway', 3), some('outage', 1), some('aof', 1), some('lost-key', 3), some('redis-clock', 1)];
  const lists = fc.tuple(some('proxy', 2), ...(isForgetful ? [some('forgetful', 1, 100)] : others));
  return lists.map((each) => each.flat());
}

function ofKind(kind: TroubleKind, details: fc.Arbitrary<object>): fc.Arbitrary<Trouble> {
  return details.map((given) => ({ kind, ...given }) as Trouble);
}

/** A trouble in a few words. */
export function describeTrouble({ kind, ...details }: { readonly kind: TroubleKind }): string {
  return `${kind} ${JSON.stringify(details)}`;
}
