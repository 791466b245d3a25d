import type { Category } from './category.ts';

/**
 * `productType` values that declare a type, for tests whose `type` is `STUDYV2` (the API reference's list of types).
 */
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

/** What a listing says of a test's type; both fields are missing in older listings. */
export interface Declaration {
  readonly type?: string | undefined;
  readonly productType?: string | undefined;
}

/** The verdict that a listing declares. */
export interface Declared {
  readonly category: Category;
  readonly rule: string;
  readonly source: 'declared';
}

const verdictOf = (category: Category, name: string): Declared => ({
  category,
  rule: `declared-${name}`,
  source: 'declared',
});
const byType = new Map(classicTypes.map((type) => [type, verdictOf('ClassicUT', type)]));
const byProductType = new Map(
  Object.entries(declaredByProductType).map(([name, category]) => [name, verdictOf(category, `STUDYV2-${name}`)]),
);

/**
 * Reads `type` first; `productType` counts only for `STUDYV2`. Letter case does not matter (the reference shows both).
 * @returns null for any other or missing value, which declares nothing; for the same type always the same object
 */
export function declaredCategory({ type = '', productType = '' }: Declaration): Declared | null {
  const kind = type.toUpperCase();
  return (kind === 'STUDYV2' ? byProductType.get(productType.toUpperCase()) : byType.get(kind)) ?? null;
}
