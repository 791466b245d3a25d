import type { Checkpoints, TestRecord } from '@inventory/checkpoints';
import { commandLine } from '@inventory/logger';

/** The test that a word of the command line means, if it means exactly one. */
export type FoundTest = { readonly kind: 'found'; readonly record: TestRecord } | MissedTest;

/** A word that does not mean exactly one test. */
export type MissedTest =
  | { readonly kind: 'ambiguous'; readonly word: string; readonly matches: readonly string[] }
  | { readonly kind: 'unknown'; readonly word: string; readonly near: readonly string[] };

const mostMatches = 6;
const mostShown = 5;
const mostNear = 3;

/** Finds a test by its UUID, or with `byStart` by the first characters if only one UUID begins with them. */
export async function findTest(
  checkpoints: Checkpoints,
  word: string,
  { byStart = false }: { byStart?: boolean } = {},
): Promise<FoundTest> {
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

export async function findAllTests(
  checkpoints: Checkpoints,
  words: readonly string[],
): Promise<{ readonly found: readonly TestRecord[]; readonly missed: readonly MissedTest[] }> {
  const found = new Map<string, TestRecord>();
  const missed: MissedTest[] = [];
  for (const word of words) {
    const test = await findTest(checkpoints, word);
    if (test.kind === 'found') found.set(test.record.uuid, test.record);
    else missed.push(test);
  }
  return { found: [...found.values()], missed };
}

function isKnown({ listing, verdict, error, open }: TestRecord): boolean {
  return listing !== null || verdict !== null || error !== null || open;
}

/** What to print for a word that does not mean exactly one test. */
export function missedLines(missed: MissedTest): string[] {
  const { kind, word } = missed;
  const list = (uuids: readonly string[]): string[] => uuids.map((uuid) => `  ${uuid}`);
  if (kind === 'ambiguous') {
    const more = missed.matches.length > mostShown ? ['  and more'] : [];
    const shown = list(missed.matches.slice(0, mostShown));
    return [`Several tests begin with ${word}:`, ...shown, ...more, 'Give more of the UUID.'];
  }
  const unknown = `No test ${word} is known here.`;
  if (missed.near.length === 0) return [`${unknown} Check the UUID; ${commandLine('start')} lists new tests.`];
  return [`${unknown} Did you mean one of these?`, ...list(missed.near)];
}
