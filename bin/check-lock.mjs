#!/usr/bin/env node
// Checks package-lock.json: every package that is downloaded has a checksum, and a licence that permits its use here.
// Usage: node bin/check-lock.mjs      ends with 1 and a line per problem
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const licences = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MPL-2.0'];

/**
 * @param {{ packages: Record<string, { link?: boolean, integrity?: string, license?: string }> }} lock
 * @returns {string[]} a sentence per problem
 */
export function lockProblems({ packages }) {
  return Object.entries(packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && !link)
    .flatMap(([path, { integrity, license = 'none' }]) => [
      ...(integrity?.startsWith('sha512-') ? [] : [`${path} has no sha512 checksum.`]),
      ...(isPermitted(license) ? [] : [`${path} has the licence ${license}, which is not on the list.`]),
    ]);
}

/** Whether one of the alternatives of an SPDX expression such as `(MIT OR Apache-2.0)` is on the list. */
function isPermitted(license) {
  return license
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((each) => licences.includes(each));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
  const problems = lockProblems(lock);
  for (const problem of problems) process.stderr.write(`package-lock.json: ${problem}\n`);
  process.exit(problems.length === 0 ? 0 : 1);
}
