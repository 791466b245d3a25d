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

/** The category that a listing declares, and the rule's name; or null when it says nothing that is documented. */
export interface Declared {
  readonly category: Category;
  readonly rule: string;
}

/**
 * Reads `type` first; `productType` counts only for `STUDYV2`. Letter case does not matter (the reference
 * shows both). Any other or missing value declares nothing.
 */
export function declaredCategory({ type, productType }: Declaration): Declared | null {
  const kind = type?.toUpperCase() ?? '';
  if (classicTypes.includes(kind)) return { category: 'ClassicUT', rule: `declared-${kind}` };
  if (kind !== 'STUDYV2') return null;
  const product = productType?.toUpperCase() ?? '';
  const category = Object.hasOwn(declaredByProductType, product) ? declaredByProductType[product] : undefined;
  return category === undefined ? null : { category, rule: `declared-STUDYV2-${product}` };
}
