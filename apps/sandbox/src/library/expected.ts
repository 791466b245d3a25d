import type { Library } from './library.ts';
import type { SandboxTest } from './sandbox-test.ts';

/** What a right classification says about a test. `testType` is null where there is none to give. */
export interface ExpectedVerdict {
  readonly platform: 'UTZ' | 'ClassicUT';
  readonly testType: 'interaction test' | 'think-out-loud test' | 'survey' | null;
}

/** A test of the library with what a right classification says about it. */
export interface LibraryEntry extends SandboxTest {
  /** The workspace it belongs to when all are chosen: of those that list it, the last of the workspace list. */
  readonly workspaceUuid: string;
  readonly workspaceName: string;
  readonly byProbes: ExpectedVerdict;
}

const CLASSIC_TYPES = new Set(['WEB', 'APP', 'LIVE', 'PROTOTYPE', 'EXTERNAL_UPLOAD', 'STUDY_VIDEO_UPLOAD']);
const TYPE_BY_PRODUCT = new Map<string, ExpectedVerdict['testType']>([
  ['SURVEY', 'survey'],
  ['NON_THINK_OUT_LOUD', 'interaction test'],
  ['THINK_OUT_LOUD', 'think-out-loud test'],
  ['LIVE_CONVERSATION', null],
]);

/** The result of the tutorial's steps 2 and 3, derived from the test itself instead of from answers. */
export function expectedByProbes(test: SandboxTest): ExpectedVerdict {
  if (test.kind === 'classic') return { platform: 'ClassicUT', testType: null };
  if (test.sessions === 0) return { platform: 'UTZ', testType: null };
  if (test.offers.video || test.offers.qx) return { platform: 'UTZ', testType: 'interaction test' };
  return { platform: 'UTZ', testType: test.offers.transcript ? 'think-out-loud test' : 'survey' };
}

/** What the listing's `type` and `productType` say; null where they declare nothing. */
export function expectedByMetadata(test: SandboxTest): ExpectedVerdict | null {
  const type = test.type?.toUpperCase() ?? '';
  if (CLASSIC_TYPES.has(type)) return { platform: 'ClassicUT', testType: null };
  const testType = type === 'STUDYV2' ? TYPE_BY_PRODUCT.get(test.productType?.toUpperCase() ?? '') : undefined;
  return testType === undefined ? null : { platform: 'UTZ', testType };
}

/** Every test of a library with what is expected of it. */
export function* libraryEntries(library: Library): Generator<LibraryEntry> {
  const names = new Map(library.workspaces().map(({ uuid, name }) => [uuid, name]));
  for (const test of library.tests()) {
    const workspaceUuid = test.workspaces.at(-1) ?? '';
    const workspaceName = names.get(workspaceUuid) ?? 'Unknown';
    yield { ...test, workspaceUuid, workspaceName, byProbes: expectedByProbes(test) };
  }
}

/** How many tests of a library probes give each verdict: `ClassicUT`, `UTZ without type`, or one of the three test types. */
export function expectedCounts(library: Library): Map<string, number> {
  const counts = new Map<string, number>();
  for (const test of library.tests()) {
    const { platform, testType } = expectedByProbes(test);
    const verdict = testType ?? (platform === 'UTZ' ? 'UTZ without type' : platform);
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  return counts;
}
