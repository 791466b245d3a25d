import type { Checkpoints, TestRecord } from '@inventory/checkpoints';

/** Which test a word of the command line means. */
export type ResolvedTest =
  | { readonly kind: 'found'; readonly record: TestRecord }
  | { readonly kind: 'ambiguous'; readonly word: string; readonly matches: readonly string[] }
  | { readonly kind: 'unknown'; readonly word: string; readonly near: readonly string[] };

const mostMatches = 6;
const mostNear = 3;

/** Finds the test of a UUID, or of the first characters of one where `byStart` and only one test begins so. */
export async function resolveTest(
  checkpoints: Checkpoints,
  word: string,
  { byStart = false }: { byStart?: boolean } = {},
): Promise<ResolvedTest> {
  const spellings = [word, word.toLowerCase()];
  const record = (await checkpoints.inventory.records(spellings)).find(isKnown);
  if (record !== undefined) return { kind: 'found', record };
  const matches = byStart && word !== '' ? await checkpoints.inventory.find(word.toLowerCase(), mostMatches) : [];
  if (matches.length > 1) return { kind: 'ambiguous', word, matches };
  const [only] = await checkpoints.inventory.records(matches);
  return only === undefined
    ? { kind: 'unknown', word, near: await checkpoints.inventory.findNear(word, mostNear) }
    : { kind: 'found', record: only };
}

function isKnown({ listing, verdict, error, open }: TestRecord): boolean {
  return listing !== null || verdict !== null || error !== null || open;
}
