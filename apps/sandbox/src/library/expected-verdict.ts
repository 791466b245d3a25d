import type { SandboxTest } from './sandbox-test.ts';

/** What a right classification says about a test. `testType` is null where there is none to give. */
export interface ExpectedVerdict {
  readonly platform: 'UTZ' | 'ClassicUT';
  readonly testType: 'interaction test' | 'think-out-loud test' | 'survey' | null;
}

const CLASSIC_TYPES = new Set(['WEB', 'APP', 'LIVE', 'PROTOTYPE', 'EXTERNAL_UPLOAD', 'STUDY_VIDEO_UPLOAD']);
const TYPE_BY_PRODUCT = new Map<string, ExpectedVerdict['testType']>([
  ['SURVEY', 'survey'],
  ['NON_THINK_OUT_LOUD', 'interaction test'],
  ['THINK_OUT_LOUD', 'think-out-loud test'],
  ['LIVE_CONVERSATION', null],
]);

/** The tutorial's steps 2 and 3, told from what the test is instead of from answers. */
export function expectedByProbes(test: SandboxTest): ExpectedVerdict {
  if (test.kind === 'classic') return { platform: 'ClassicUT', testType: null };
  if (test.sessions === 0) return { platform: 'UTZ', testType: null };
  if (test.offers.video || test.offers.qx) return { platform: 'UTZ', testType: 'interaction test' };
  return { platform: 'UTZ', testType: test.offers.transcript ? 'think-out-loud test' : 'survey' };
}

/** What the listing's `type` and `productType` say; null where they decide nothing. */
export function expectedByMetadata(test: SandboxTest): ExpectedVerdict | null {
  const type = test.type?.toUpperCase() ?? '';
  if (CLASSIC_TYPES.has(type)) return { platform: 'ClassicUT', testType: null };
  const testType = type === 'STUDYV2' ? TYPE_BY_PRODUCT.get(test.productType?.toUpperCase() ?? '') : undefined;
  return testType === undefined ? null : { platform: 'UTZ', testType };
}
