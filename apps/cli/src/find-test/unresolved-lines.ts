import type { ResolvedTest } from './resolve-test.ts';

/** What to say of a word that means no single test. */
export function unresolvedLines(resolved: Exclude<ResolvedTest, { kind: 'found' }>): string[] {
  if (resolved.kind === 'ambiguous') {
    const { word, matches } = resolved;
    return [`Several tests begin with ${word}:`, ...matches.map((uuid) => `  ${uuid}`), 'Give more of the UUID.'];
  }
  const { word, near } = resolved;
  const unknown = `No test ${word} is known here.`;
  if (near.length === 0) return [`${unknown} Check the UUID; npm start lists new tests.`];
  return [`${unknown} Did you mean one of these?`, ...near.map((uuid) => `  ${uuid}`)];
}
