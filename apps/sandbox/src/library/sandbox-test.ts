import type { Offers, TestKind } from './test-kind.ts';

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

/** A text is shown as it is, null as null, and `missing` leaves the field out. */
export type FinishTime = string | null;

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
  /** What its sessions show as `finishTime`; undefined = long ago. */
  readonly finishTime: FinishTime | undefined;
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
  readonly orderedAt?: string | undefined;
  readonly orderedBy?: Person | undefined;
  /** UUIDs; without it, the first workspace. */
  readonly workspaces?: readonly string[] | undefined;
  /** Without it 2, or 0 for `classic` and `no-sessions`. */
  readonly sessions?: number | undefined;
  /** Without it, long ago. */
  readonly finishTime?: FinishTime | undefined;
  /** Overrides what the kind offers. */
  readonly offers?: Partial<Offers> | undefined;
  readonly type?: string | null | undefined;
  readonly productType?: string | null | undefined;
}

/** A change to a test; the fields mean the same as in `TestData`. */
export type TestChange = Partial<Omit<TestData, 'uuid' | 'workspaces'>>;

/** A workspace given by hand. */
export interface WorkspaceData {
  readonly name: string;
  readonly uuid?: string | undefined;
  readonly id?: string | undefined;
}
