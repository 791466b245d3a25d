import type { Category } from './category.ts';
import { classicTypes, declaredByProductType } from './declared-rules.ts';

/** What a listing says of a test's type; both fields are missing in older listings. */
export interface Declaration {
  readonly type?: string | undefined;
  readonly productType?: string | undefined;
}

/** What a listing decides, and the rule's name; or null when it says nothing that is documented. */
export interface Declared {
  readonly category: Category;
  readonly rule: string;
}

/**
 * Reads `type` first; `productType` counts only for `STUDYV2`. Letter case does not matter (the reference
 * shows both). Any other or missing value decides nothing.
 */
export function declaredCategory({ type, productType }: Declaration): Declared | null {
  const kind = type?.toUpperCase() ?? '';
  if (classicTypes.includes(kind)) return { category: 'ClassicUT', rule: `declared-${kind}` };
  if (kind !== 'STUDYV2') return null;
  const product = productType?.toUpperCase() ?? '';
  const category = Object.hasOwn(declaredByProductType, product) ? declaredByProductType[product] : undefined;
  return category === undefined ? null : { category, rule: `declared-STUDYV2-${product}` };
}
