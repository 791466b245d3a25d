/** The three values of `test_type` in the state files, in the tutorial's words. */
export const testTypes = ['interaction test', 'think-out-loud test', 'survey'] as const;
export type TestType = (typeof testTypes)[number];

/**
 * What a test can turn out to be. `no sessions` is a UTZ test that has no type yet and is probed again in
 * the next run; `live conversation` is a UTZ test whose type is none of the tutorial's three.
 */
export const categories = [...testTypes, 'live conversation', 'no sessions', 'ClassicUT'] as const;
export type Category = (typeof categories)[number];

/** Which of the vendor's two generations a category belongs to. */
export function platformOf(category: Category): 'UTZ' | 'ClassicUT' {
  return category === 'ClassicUT' ? 'ClassicUT' : 'UTZ';
}

/**
 * Coverage, as in the tutorial's verification: how many UTZ tests have a test type, and of how many.
 * @param counts tests by category
 */
export function coverageOf(counts: Readonly<Partial<Record<Category, number>>>): { typed: number; utz: number } {
  const sum = (of: readonly Category[]): number => of.reduce((total, category) => total + (counts[category] ?? 0), 0);
  return { typed: sum(testTypes), utz: sum(categories.filter((category) => platformOf(category) === 'UTZ')) };
}

/** The `test_type` that the state files show for a category, if any. */
export function testTypeOf(category: Category): TestType | undefined {
  return testTypes.find((type) => type === category);
}
