import type { Mix } from './library-options.ts';
import { TEST_KINDS, type TestKind } from './test-kind.ts';

const GOLDEN = 0.6180339887498949;

/**
 * A rule from the index of a test to its kind. Kinds follow each other irregularly, and every stretch of tests holds
 * them nearly in the proportions of the mix, so that small libraries have all kinds too.
 * Throws a RangeError when no weight is above 0.
 */
export function pickKind(seed: number, mix: Mix): (index: number) => TestKind {
  const steps: { upTo: number; kind: TestKind }[] = [];
  let total = 0;
  for (const kind of TEST_KINDS) {
    total += mix[kind] ?? 0;
    steps.push({ upTo: total, kind });
  }
  if (total <= 0) throw new RangeError('the mix of kinds needs a weight above 0');
  return (index) => {
    const place = (((index + seed) * GOLDEN) % 1) * total;
    return steps.find((step) => place < step.upTo)?.kind ?? 'survey';
  };
}
