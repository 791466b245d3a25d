import type { Category } from './category.ts';

/** `productType` values that decide, for tests whose `type` is `STUDYV2` (the API reference's list of types). */
export const declaredByProductType: Readonly<Record<string, Category>> = {
  SURVEY: 'survey',
  NON_THINK_OUT_LOUD: 'interaction test',
  THINK_OUT_LOUD: 'think-out-loud test',
  LIVE_CONVERSATION: 'live conversation',
};

/** `type` values of the legacy platform, which the Results API does not serve. */
export const classicTypes: readonly string[] = [
  'WEB',
  'APP',
  'LIVE',
  'PROTOTYPE',
  'EXTERNAL_UPLOAD',
  'STUDY_VIDEO_UPLOAD',
];
