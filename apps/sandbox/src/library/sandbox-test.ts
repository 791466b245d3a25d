import { hasSessions, KIND_FACTS, type Offers, type TestKind } from './kinds.ts';

/** Who ordered a test. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

/** A workspace as the API lists it. */
export interface Workspace {
  readonly uuid: string;
  readonly id: string;
  readonly name: string;
}

/** One test of the library. `sessions` is the number of completed sessions; a classic test has none. */
export interface SandboxTest {
  readonly uuid: string;
  readonly title: string;
  /** ISO 8601, UTC, whole seconds. */
  readonly orderedAt: string;
  readonly orderedBy: Person;
  /** UUIDs of the workspaces that list it, in the order of the workspace list. */
  readonly workspaces: readonly string[];
  readonly kind: TestKind;
  readonly sessions: number;
  /** What its sessions show as `finishTime`: the text or null; `missing` leaves the field out; undefined = long ago. */
  readonly finishTime: string | null | undefined;
  readonly offers: Offers;
  /** Shown in listings only by a sandbox with `metadata: true`; undefined = the listing leaves it out. */
  readonly type: string | undefined;
  readonly productType: string | undefined;
}

/** A test given by hand: only the kind is needed. `type: null` and `productType: null` leave the field out. */
export interface TestData {
  readonly kind: TestKind;
  readonly uuid?: string | undefined;
  readonly title?: string | undefined;
  /** UUIDs; without it, the first workspace. */
  readonly workspaces?: readonly string[] | undefined;
  /** Without it 2; always 0 for `classic` and `no-sessions`. */
  readonly sessions?: number | undefined;
  readonly finishTime?: string | null | undefined;
  /** Overrides what the kind offers. */
  readonly offers?: Partial<Offers> | undefined;
  readonly type?: string | null | undefined;
  readonly productType?: string | null | undefined;
}

/** A change to a test. A new kind brings its own offers and metadata. */
export type TestChange = Partial<Pick<TestData, 'kind' | 'sessions'>>;

/** A workspace given by hand. */
export interface WorkspaceData {
  readonly name: string;
  readonly uuid?: string | undefined;
}

const DEFAULT_SESSIONS = 2;

/** The whole test from one given by hand, with what it gets for the fields that it does not name. */
export function completeTest(
  data: TestData,
  defaults: Pick<SandboxTest, 'uuid' | 'workspaces' | 'orderedAt'>,
): SandboxTest {
  const facts = factsOf(data.kind);
  const shown = (value: string | null | undefined, otherwise: string | undefined) =>
    value === undefined ? otherwise : (value ?? undefined);
  return {
    uuid: data.uuid?.toLowerCase() ?? defaults.uuid,
    title: data.title ?? `Test ${defaults.uuid.slice(0, 8)}`,
    orderedAt: defaults.orderedAt,
    orderedBy: { name: 'Blair Fraser', email: 'blair.fraser@example.com' },
    workspaces: defaults.workspaces,
    kind: data.kind,
    sessions: hasSessions(data.kind) ? (data.sessions ?? DEFAULT_SESSIONS) : 0,
    finishTime: data.finishTime,
    offers: { ...facts.offers, ...data.offers },
    type: shown(data.type, facts.type),
    productType: shown(data.productType, facts.productType),
  };
}

/** The test after a change. One without sessions that is given some becomes a survey unless the change names a kind. */
export function changedTest(test: SandboxTest, change: TestChange): SandboxTest {
  const becomesSurvey = test.kind === 'no-sessions' && (change.sessions ?? 0) > 0;
  const kind = change.kind ?? (becomesSurvey ? 'survey' : test.kind);
  const before = hasSessions(test.kind) ? test.sessions : DEFAULT_SESSIONS;
  return {
    ...test,
    ...(kind !== test.kind && factsOf(kind)),
    sessions: hasSessions(kind) ? (change.sessions ?? before) : 0,
  };
}

function factsOf(kind: TestKind): Pick<SandboxTest, 'kind' | 'offers' | 'type' | 'productType'> {
  const { offers, metadata } = KIND_FACTS[kind];
  return { kind, offers, ...metadata[0] };
}
