import type { ResolvedTest } from './resolve-test.ts';

const mostShown = 5;

/** What to say of a word that means no single test. */
export function unresolvedLines(resolved: Exclude<ResolvedTest, { kind: 'found' }>): string[] {
  if (resolved.kind === 'ambiguous') {
    const { word, matches } = resolved;
    const shown = matches.slice(0, mostShown).map((uuid) => `  ${uuid}`);
    const more = matches.length > mostShown ? ['  and more'] : [];
    return [`Several tests begin with ${word}:`, ...shown, ...more, 'Give more of the UUID.'];
  }
  const { word, near } = resolved;
  const unknown = `No test ${word} is known here.`;
  if (near.length === 0) return [`${unknown} Check the UUID; npm start lists new tests.`];
  return [`${unknown} Did you mean one of these?`, ...near.map((uuid) => `  ${uuid}`)];
}
