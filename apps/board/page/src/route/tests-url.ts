import type { Listing } from './listing.ts';

/** The API's address for a page of tests. */
export function testsUrl(listing: Listing): string {
  return `/api/tests?${new URLSearchParams([...questions(listing), ...(listing.cursor === '' ? [] : [['cursor', listing.cursor]])])}`;
}

/** The API's address for all tests of a listing, as a file. */
export function downloadUrl(listing: Listing, format: 'csv' | 'ndjson'): string {
  return `/api/tests?${new URLSearchParams([...questions(listing), ['format', format]])}`;
}

function questions({ q, workspace, platform, type, certainty, sort, order }: Listing): [string, string][] {
  const all = Object.entries({ q: q.trim(), workspace, platform, type, certainty, sort, order });
  return all.filter(([, value]) => value !== '');
}
