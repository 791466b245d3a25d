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
  readonly metadata: readonly [Metadata, ...Metadata[]];
}

const NOTHING: Offers = { video: false, qx: false, transcript: false };

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
  'no-sessions': { offers: NOTHING, metadata: [{ type: 'STUDYV2', productType: 'SURVEY' }] },
  'interaction (video)': kindOf('NON_THINK_OUT_LOUD', { video: true }),
  'interaction (qx)': kindOf('NON_THINK_OUT_LOUD', { qx: true }),
  'interaction (all)': kindOf('NON_THINK_OUT_LOUD', { video: true, qx: true, transcript: true }),
  'think-out-loud': kindOf('THINK_OUT_LOUD', { transcript: true }),
  survey: kindOf('SURVEY', {}),
  'live conversation': kindOf('LIVE_CONVERSATION', { video: true, transcript: true }),
};

function kindOf(productType: string, offers: Partial<Offers>): KindFacts {
  return { offers: { ...NOTHING, ...offers }, metadata: [{ type: 'STUDYV2', productType }] };
}
