import { createLibrary, type Fault, type Library, type LibraryOptions, type SandboxTest } from '@inventory/sandbox';
import * as fc from 'fast-check';
import { leastRequestsFor, neededProbes } from '../support/needed-probes.ts';
import {
  chance,
  either,
  int,
  maybe,
  pick,
  type Role,
  someSpecialTroubles,
  type Trouble,
  usualTrouble,
} from './troubles.ts';

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

/** One chaos run, all of it that is decided beforehand. */
export type Plan = Readonly<ReturnType<typeof planRun>>;

/** Everything about a run that its seed decides: library, processes, settings and schedule. Pure. */
export function planRun(seed: number) {
  // Neighbouring seeds would begin with similar values.
  const [gen] = fc.sample(fc.gen(), { seed: Math.imul(seed + 1, 0x9e3779b1), numRuns: 1, unbiased: true });
  const draw = <Value>(arbitrary: fc.Arbitrary<Value>): Value => {
    if (gen === undefined) throw new Error('fast-check made no plan');
    return gen(() => arbitrary);
  };
  const isForgetful = draw(chance(10));
  const special = draw(someSpecialTroubles(isForgetful));
  const library = { seed, nasty: true, ...draw(libraryShape(isForgetful)) };
  const emptyWorkspace = draw(chance(25));
  const tests = [...libraryOf({ library, emptyWorkspace }).tests()];
  const permanent = draw(either(30, permanentFaults(tests), fc.constant<PermanentFault[]>([])));
  const roles = draw(firstProcesses);
  const clocks = draw(maybe(20, wrongClocks));
  return {
    seed,
    library,
    /** Adds a workspace without tests at the end of the list. */
    emptyWorkspace,
    /** A proxy that fails needs a run whose requests all go by HTTPS through a forward proxy. */
    proxied: special.some(({ kind }) => kind === 'proxy'),
    roles,
    clocks,
    permanent,
    sandbox: draw(
      fc.record({
        latency: fc.tuple(int(0, 20), int(20, 120)),
        // A process whose clock is ten minutes ahead finds such a token expired, whenever it got it.
        tokenLifeSeconds: either(clocks === null ? 30 : 0, int(2, 6), pick(3600)),
        listing: pick('object', 'array'),
        sessions: pick('tutorial', 'reference'),
      }),
    ),
    settings: draw(
      fc.record({
        WORKER_SLOTS: pick('1', '2', '3', '4'),
        REQUEST_INTERVAL_MS: tests.length > 50 ? pick('0', '20') : pick('0', '20', '50'),
        REQUEST_TIMEOUT_MS: pick('1500'),
        // A step that fails for good takes 2^n seconds to be given up.
        STEP_RETRIES: permanent.length > 0 ? pick('0', '1', '2') : pick('0', '1', '3', '5'),
        EXPORT_INTERVAL_MS: pick('50', '150', '400'),
        CLASSIFY_BY: pick('probe', 'auto'),
      }),
    ),
    /** Whether tokens are written back to a settings file. */
    envFile: draw(chance(30)),
    /** How long the operator takes to start a process again, for one after the other. */
    restartDelaysMs: draw(fc.array(int(20, 500), { minLength: 8, maxLength: 8 })),
    /** Whether the other processes are stopped before the last `start --all`, or go on beside it. */
    aloneInTheEnd: draw(fc.boolean()),
    events: [
      ...draw(usualEvents(usualTrouble(roles, draw(chance(60))), leastRequestsFor(tests))),
      ...special.map((trouble) => draw(specialEvent(trouble, leastRequestsFor(tests)))),
    ].sort((a, b) => a.atRequest - b.atRequest),
  };
}

const times = (role: Role, most: number) => int(1, most).map((count) => Array<Role>(count).fill(role));
/** The processes of the beginning: all in one, two of these at once, or producers, workers and an exporter apart. */
const firstProcesses = either(
  45,
  pick<Role[]>(['start'], ['start'], ['start', 'start'], ['start', 'worker']),
  fc.tuple(times('producer', 2), times('worker', 3), times('exporter', 1)).map((roles) => roles.flat()),
);

const shift = fc.tuple(pick(-1, 1), int(30_000, 600_000)).map(([sign, ms]) => sign * ms);
/**
 * In ms ahead (negative: behind): the clock of each second process, those with an even (0) or odd (1) number, and that
 * of the API.
 */
const wrongClocks = fc.record({
  shiftMs: shift,
  remainder: int(0, 1),
  serverShiftMs: either(50, shift, pick(0)),
});

/**
 * A random library: mostly 5 to 40 tests, at times more than a page of 50, of all kinds. For a gateway that answers 404 in
 * JSON there are enough tests for a streak that is found out, and some that are known before it.
 */
function libraryShape(isForgetful: boolean) {
  const weight = int(0, 4);
  return fc.record({
    tests: either(10, int(55, 110), int(5, 40)).map((tests) => (isForgetful ? Math.max(tests, 60) : tests)),
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
      survey: weight.map((survey) => survey + (isForgetful ? 3 : 1)),
      'live conversation': int(0, 1),
    }),
  });
}

/** Four to fourteen troubles while requests are made; a tenth of them meets processes that are starting. */
function usualEvents(trouble: fc.Arbitrary<Trouble>, requests: number): fc.Arbitrary<PlannedEvent[]> {
  const event = fc.record({
    atRequest: either(10, pick(0), int(0, Math.ceil(requests * 0.9))),
    delayMs: either(30, int(0, 600), int(0, 60)),
    trouble,
  });
  return fc.array(event, { minLength: 4, maxLength: 14 });
}

/** A special trouble while most requests are still to come. */
function specialEvent(trouble: Trouble, requests: number): fc.Arbitrary<PlannedEvent> {
  const atRequest = trouble.kind === 'forgetful' ? int(0, 5) : int(1, Math.ceil(requests * 0.7));
  return fc.record({ atRequest, delayMs: int(0, 100), trouble: fc.constant(trouble) });
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
function permanentFaults(tests: readonly SandboxTest[]): fc.Arbitrary<PermanentFault[]> {
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
  return fc.subarray([...tests], { minLength: 1, maxLength: 3 }).chain((some) => fc.tuple(...some.map(faultOf)));
}

/** The library of a plan, made anew. */
export function libraryOf({ library, emptyWorkspace }: { library: LibraryOptions; emptyWorkspace: boolean }): Library {
  const made = createLibrary(library);
  if (emptyWorkspace) made.addWorkspace({ name: 'Nothing in here' });
  return made;
}

/** Whether verdicts may be taken back: cut off Redis' file, or as those of an API that knows nobody any more. */
export function takesBack({ events }: Plan): boolean {
  return events.some(({ trouble: { kind } }) => kind === 'aof' || kind === 'forgetful');
}

/** What happens in a plan: the kinds of its troubles, and what else is out of the ordinary. */
export function kindsOf({ events, proxied, clocks, permanent }: Plan): ReadonlySet<string> {
  return new Set([
    ...events.map(({ trouble }) => trouble.kind),
    ...(proxied ? ['behind a proxy'] : []),
    ...(clocks ? ['process clocks'] : []),
    ...(permanent.length > 0 ? ['permanent faults'] : []),
  ]);
}
