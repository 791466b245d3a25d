import type { SandboxTest, TestChange, TestData } from './sandbox-test.ts';
import { KIND_FACTS, type TestKind } from './test-kind.ts';

/** What a test given by hand gets for the fields it does not name. */
export interface TestDefaults {
  readonly uuid: string;
  readonly workspaces: readonly string[];
  readonly orderedAt: string;
}

/** A whole test from one given by hand. */
export function completeTest(data: TestData, defaults: TestDefaults): SandboxTest {
  const facts = KIND_FACTS[data.kind];
  return {
    uuid: data.uuid?.toLowerCase() ?? defaults.uuid,
    title: data.title ?? `Test ${defaults.uuid.slice(0, 8)}`,
    orderedAt: data.orderedAt ?? defaults.orderedAt,
    orderedBy: data.orderedBy ?? { name: 'Blair Fraser', email: 'blair.fraser@example.com' },
    workspaces: data.workspaces ?? defaults.workspaces,
    kind: data.kind,
    sessions: hasSessions(data.kind) ? (data.sessions ?? 2) : 0,
    finishTime: data.finishTime,
    offers: { ...facts.offers, ...data.offers },
    type: given(data.type, facts.metadata[0].type),
    productType: given(data.productType, facts.metadata[0].productType),
  };
}

/**
 * The test after a change. A new kind brings its own offers and metadata unless the change names them.
 * A test without sessions that is given some becomes a survey unless the change names a kind.
 */
export function changedTest(test: SandboxTest, change: TestChange): SandboxTest {
  const becomesSurvey = test.kind === 'no-sessions' && (change.sessions ?? 0) > 0;
  const kind = change.kind ?? (becomesSurvey ? 'survey' : test.kind);
  const sameKind = kind === test.kind;
  const sessionsBefore = hasSessions(test.kind) ? test.sessions : undefined;
  return completeTest(
    {
      kind,
      uuid: test.uuid,
      title: change.title ?? test.title,
      orderedAt: change.orderedAt ?? test.orderedAt,
      orderedBy: change.orderedBy ?? test.orderedBy,
      workspaces: test.workspaces,
      sessions: change.sessions ?? sessionsBefore,
      finishTime: change.finishTime === undefined ? test.finishTime : change.finishTime,
      offers: { ...(sameKind ? test.offers : {}), ...change.offers },
      type: change.type === undefined && sameKind ? (test.type ?? null) : change.type,
      productType: change.productType === undefined && sameKind ? (test.productType ?? null) : change.productType,
    },
    test,
  );
}

function hasSessions(kind: TestKind): boolean {
  return kind !== 'classic' && kind !== 'no-sessions';
}

function given(value: string | null | undefined, otherwise: string): string | undefined {
  return value === undefined ? otherwise : (value ?? undefined);
}
