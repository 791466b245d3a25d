import { createLibrary, type Fault, type Library, type LibraryOptions, type SandboxTest } from '@inventory/sandbox';
import * as fc from 'fast-check';
import { leastRequestsFor, neededProbes } from '../support/needed-probes.ts';
import { chance, either, int, maybe, pick } from './arbitraries.ts';
import { type Role, someSpecialTroubles, type Trouble, usualTrouble } from './troubles.ts';

/** A trouble, and when: so long after the server has seen so many Results requests. */
interface PlannedEvent {
  readonly atRequest: number;
  readonly delayMs: number;
  readonly trouble: Trouble;
}

/** A test that fails for good until the repair, and the error record that it has to get. */
interface PermanentFault {
  readonly testUuid: string;
  readonly fault: Fault;
  readonly expected: { readonly type: string; readonly status: number | null };
}

interface Shape {
  readonly library: LibraryOptions;
  readonly emptyWorkspace: boolean;
}

/** One chaos run, all of it that is decided beforehand. */
export type Plan = Readonly<ReturnType<typeof planOf> extends fc.Arbitrary<infer Value> ? Value : never>;

/** Everything about a run that its seed decides: library, processes, settings and schedule. Pure. */
export function planRun(seed: number): Plan {
  // Neighbouring seeds would begin with similar values.
  const [plan] = fc.sample(planOf(seed), { seed: Math.imul(seed + 1, 0x9e3779b1), numRuns: 1, unbiased: true });
  if (plan === undefined) throw new Error('fast-check made no plan');
  return plan;
}

const shift = fc.tuple(pick(-1, 1), int(30_000, 600_000)).map(([sign, ms]) => sign * ms);
/** The processes of the beginning: all in one, two of these at once, or producers, workers and an exporter apart. */
const firstProcesses: readonly (readonly Role[])[] = [
  ['start'],
  ['start'],
  ['start', 'start'],
  ['start', 'worker'],
  ['producer', 'worker', 'exporter'],
  ['producer', 'worker', 'worker', 'exporter'],
  ['producer', 'worker', 'worker', 'worker', 'exporter'],
  ['producer', 'producer', 'worker', 'exporter'],
  ['producer', 'producer', 'worker', 'worker', 'exporter'],
];

/** What a run begins with. */
const beginning = fc.record({
  special: someSpecialTroubles,
  /**
   * Wrong clocks, in ms ahead (negative: behind): that of each second process, those with an even (0) or odd (1)
   * number, and that of the API.
   */
  clocks: maybe(20, fc.record({ shiftMs: shift, remainder: int(0, 1), serverShiftMs: either(50, shift, pick(0)) })),
  variant: either(30, pick('permanent'), pick('transient')),
  roles: pick(...firstProcesses),
  /** Adds a workspace without tests at the end of the list. */
  emptyWorkspace: chance(25),
  /** Whether tokens are written back to a settings file. */
  envFile: chance(30),
  /** How long the operator takes to start a process again, for one after the other. */
  restartDelaysMs: fc.array(int(20, 500), { minLength: 8, maxLength: 8 }),
  /** Whether the other processes are stopped before the last `start --all`, or go on beside it. */
  aloneInTheEnd: fc.boolean(),
});
type Beginning = typeof beginning extends fc.Arbitrary<infer Value> ? Value : never;

function planOf(seed: number) {
  return beginning.chain(({ special, ...begun }) =>
    libraryOptions(seed, has(special, 'forgetful')).chain((library) => {
      const tests = [...libraryOf({ ...begun, library }).tests()];
      return (
        fc
          .record({
            sandbox: sandboxOptions(begun),
            settings: settings(begun, tests.length),
            events: schedule(begun, special, tests),
            permanent: permanentFaults(begun, tests),
          })
          // A proxy that fails needs a run whose requests all go by HTTPS through a forward proxy.
          .map((rest) => ({ seed, library, proxied: has(special, 'proxy'), ...begun, ...rest }))
      );
    }),
  );
}

function has(troubles: readonly Trouble[], kind: Trouble['kind']): boolean {
  return troubles.some((trouble) => trouble.kind === kind);
}

/**
 * The shape of a random library: mostly 5 to 40 tests, at times more than a page of 50, of all kinds. For a gateway that
 * answers 404 in JSON there are enough tests for a streak that is found out, and some that are known before it.
 */
function libraryOptions(seed: number, forgetful: boolean) {
  const weight = int(0, 4);
  return fc.record({
    seed: fc.constant(seed),
    nasty: fc.constant(true),
    tests: either(10, int(55, 110), int(5, 40)).map((tests) => (forgetful ? Math.max(tests, 60) : tests)),
    workspaces: int(1, 4),
    // With one workspace none is shared.
    sharedTests: int(0, 8),
    mix: fc.record({
      classic: weight,
      'no-sessions': weight,
      'interaction (video)': weight,
      'interaction (qx)': weight,
      'interaction (all)': weight,
      'think-out-loud': weight,
      survey: weight.map((survey) => survey + (forgetful ? 3 : 1)),
      'live conversation': int(0, 1),
    }),
  });
}

function sandboxOptions({ clocks }: Pick<Beginning, 'clocks'>) {
  return fc.record({
    latency: fc.tuple(int(0, 20), int(20, 120)),
    // A process whose clock is ten minutes ahead finds such a token expired, whenever it got it.
    tokenLifeSeconds: either(clocks === null ? 30 : 0, int(2, 6), pick(3600)),
    listing: pick('object', 'array'),
    sessions: pick('tutorial', 'reference'),
  });
}

function settings({ variant }: Pick<Beginning, 'variant'>, tests: number) {
  return fc.record({
    WORKER_SLOTS: pick('1', '2', '3', '4'),
    REQUEST_INTERVAL_MS: tests > 50 ? pick('0', '20') : pick('0', '20', '50'),
    REQUEST_TIMEOUT_MS: pick('1500'),
    // A step that fails for good takes 2^n seconds to be given up.
    STEP_RETRIES: variant === 'permanent' ? pick('0', '1', '2') : pick('0', '1', '3', '5'),
    EXPORT_INTERVAL_MS: pick('50', '150', '400'),
    CLASSIFY_BY: pick('probe', 'auto'),
  });
}

/** Four to fourteen usual troubles while requests are made, and the special ones while most of them are still to come. */
function schedule({ roles }: Pick<Beginning, 'roles'>, special: readonly Trouble[], tests: readonly SandboxTest[]) {
  const requests = leastRequestsFor(tests);
  const usual = chance(60).chain((kills) =>
    fc.array(
      fc.record<PlannedEvent>({
        // A tenth of the events meets processes that are starting.
        atRequest: either(10, pick(0), int(0, Math.ceil(requests * 0.9))),
        delayMs: either(30, int(0, 600), int(0, 60)),
        trouble: usualTrouble(roles, kills),
      }),
      { minLength: 4, maxLength: 14 },
    ),
  );
  const others = special.map((trouble) =>
    fc.record<PlannedEvent>({
      atRequest: trouble.kind === 'forgetful' ? int(0, 5) : int(1, Math.ceil(requests * 0.7)),
      delayMs: int(0, 100),
      trouble: fc.constant(trouble),
    }),
  );
  return fc.tuple(usual, ...others).map((events) => events.flat().sort((a, b) => a.atRequest - b.atRequest));
}

const failuresAnywhere: readonly Pick<PermanentFault, 'fault' | 'expected'>[] = [
  { fault: { kind: 'status', status: 400 }, expected: { type: 'invalid_pagination_error', status: 400 } },
  { fault: { kind: 'status', status: 403 }, expected: { type: 'unclassified_error', status: 403 } },
  { fault: { kind: 'status', status: 500 }, expected: { type: 'unclassified_error', status: 500 } },
  { fault: { kind: 'redirect' }, expected: { type: 'unclassified_error', status: 302 } },
  { fault: { kind: 'reset' }, expected: { type: 'network_error', status: null } },
];
/** Of the media probes the status alone decides; only a list of sessions can have the wrong form. */
const failuresOfSessions: typeof failuresAnywhere = [
  { fault: { kind: 'wrong-shape', body: { sessions: 'none' } }, expected: { type: 'invalid_response', status: 200 } },
  { fault: { kind: 'not-json' }, expected: { type: 'invalid_response', status: 200 } },
];

/** One to three tests, and for each the step and the way it fails until it is repaired. */
function permanentFaults({ variant }: Pick<Beginning, 'variant'>, tests: readonly SandboxTest[]) {
  const faultOf = (test: SandboxTest): fc.Arbitrary<PermanentFault> =>
    pick(...neededProbes(test)).chain((endpoint) =>
      either(endpoint === 'sessionResults' ? 30 : 0, pick(...failuresOfSessions), pick(...failuresAnywhere)).map(
        ({ fault, expected }) => ({
          testUuid: test.uuid,
          fault: { ...fault, endpoint, testUuid: test.uuid },
          expected,
        }),
      ),
    );
  const [minLength, maxLength] = variant === 'permanent' ? [1, 3] : [0, 0];
  return fc.subarray([...tests], { minLength, maxLength }).chain((some) => fc.tuple(...some.map(faultOf)));
}

/** The library of a plan, made anew. */
export function libraryOf({ library, emptyWorkspace }: Shape): Library {
  const made = createLibrary(library);
  if (emptyWorkspace) made.addWorkspace({ name: 'Nothing in here' });
  return made;
}

/** Whether verdicts may be taken back: cut off Redis' file, or as those of an API that knows nobody any more. */
export function takesBack({ events }: Plan): boolean {
  const troubles = events.map(({ trouble }) => trouble);
  return has(troubles, 'aof') || has(troubles, 'forgetful');
}

/** The kinds of things that a plan lets happen, by name. */
export function kindsOf({ events, proxied, clocks, permanent }: Plan): ReadonlySet<string> {
  return new Set([
    ...events.map(({ trouble }) => trouble.kind),
    ...(proxied ? ['behind a proxy'] : []),
    ...(clocks ? ['process clocks'] : []),
    ...(clocks && clocks.serverShiftMs !== 0 ? ["the API's clock"] : []),
    ...(permanent.length > 0 ? ['permanent faults'] : []),
  ]);
}
