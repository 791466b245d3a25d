/** What a test of the library is, seen from the answers it gives. */
export const TEST_KINDS = [
  'classic',
  'no-sessions',
  'interaction (video)',
  'interaction (qx)',
  'interaction (all)',
  'think-out-loud',
  'survey',
  'live conversation',
] as const;
export type TestKind = (typeof TEST_KINDS)[number];

/** Which of the three media endpoints answer 200 for a test that has sessions. */
export interface Offers {
  readonly video: boolean;
  readonly qx: boolean;
  readonly transcript: boolean;
}

/** The `type` and `productType` that newer listings carry. */
interface Metadata {
  readonly type: string;
  readonly productType: string;
}

interface KindFacts {
  readonly offers: Offers;
  /** The first one is that of a test given by hand. */
  readonly metadata: readonly [Metadata, ...Metadata[]];
}

/** Weights by kind; kinds left out do not occur. */
export type Mix = Partial<Record<TestKind, number>>;

/** The mix of a library that names none. */
export const DEFAULT_MIX: Mix = {
  classic: 30,
  'no-sessions': 8,
  'interaction (video)': 16,
  'interaction (qx)': 8,
  'interaction (all)': 4,
  'think-out-loud': 14,
  survey: 20,
};

const NOTHING: Offers = { video: false, qx: false, transcript: false };
const GOLDEN = 0.6180339887498949;

/** By kind: what its tests offer, and the metadata that fit it. A live conversation has video and transcript. */
export const KIND_FACTS: Readonly<Record<TestKind, KindFacts>> = {
  classic: {
    offers: NOTHING,
    metadata: [
      { type: 'WEB', productType: 'INSIGHT_CORE' },
      { type: 'APP', productType: 'INSIGHT_CORE' },
      { type: 'LIVE', productType: 'PRODUCT_INSIGHT' },
      { type: 'PROTOTYPE', productType: 'MARKET_INSIGHT' },
      { type: 'EXTERNAL_UPLOAD', productType: 'INSIGHT_CORE' },
      { type: 'STUDY_VIDEO_UPLOAD', productType: 'STUDY_VIDEO_UPLOAD' },
    ],
  },
  'no-sessions': utz('SURVEY', {}),
  'interaction (video)': utz('NON_THINK_OUT_LOUD', { video: true }),
  'interaction (qx)': utz('NON_THINK_OUT_LOUD', { qx: true }),
  'interaction (all)': utz('NON_THINK_OUT_LOUD', { video: true, qx: true, transcript: true }),
  'think-out-loud': utz('THINK_OUT_LOUD', { transcript: true }),
  survey: utz('SURVEY', {}),
  'live conversation': utz('LIVE_CONVERSATION', { video: true, transcript: true }),
};

export function hasSessions(kind: TestKind): boolean {
  return kind !== 'classic' && kind !== 'no-sessions';
}

/**
 * A rule from the index of a test to its kind. Kinds follow each other irregularly, and every stretch of tests holds
 * them nearly in the proportions of the mix, so that small libraries have all kinds too.
 * Throws a RangeError when no weight is above 0.
 */
export function kindRule(seed: number, mix: Mix): (index: number) => TestKind {
  let total = 0;
  const steps = TEST_KINDS.map((kind) => {
    total += mix[kind] ?? 0;
    return { kind, upTo: total };
  });
  if (total <= 0) throw new RangeError('the mix of kinds needs a weight above 0');
  return (index) => {
    const place = (((index + seed) * GOLDEN) % 1) * total;
    return steps.find(({ upTo }) => place < upTo)?.kind ?? 'survey';
  };
}

function utz(productType: string, offers: Partial<Offers>): KindFacts {
  return { offers: { ...NOTHING, ...offers }, metadata: [{ type: 'STUDYV2', productType }] };
}
