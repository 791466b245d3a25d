/** Columns that the API sorts tests by. */
const sorts = ['title', 'category', 'workspace_name', 'ordered_at', 'classified_at', 'test_uuid'] as const;
export type Sort = (typeof sorts)[number];

/** Which tests are shown, and in which order. Empty texts filter nothing. */
export interface Listing {
  readonly q: string;
  readonly workspace: string;
  readonly platform: string;
  readonly category: string;
  readonly certainty: string;
  readonly sort: Sort;
  readonly order: 'asc' | 'desc';
  /** Where the page of tests begins; empty for the first one. */
  readonly cursor: string;
  /** Number of the page of tests, from 1. */
  readonly page: number;
}

/** All tests, newest first. */
export const allTests: Listing = {
  q: '',
  workspace: '',
  platform: '',
  category: '',
  certainty: '',
  sort: 'ordered_at',
  order: 'desc',
  cursor: '',
  page: 1,
};

/** What the page shows: one test, or the inventory with a listing of tests. */
export interface View {
  /** UUID of the test; null for the inventory. */
  readonly test: string | null;
  readonly listing: Listing;
}

/** Reads the query string of the page's address. Values that make no sense are ignored. */
export function viewOf(search: string): View {
  const given = new URLSearchParams(search);
  const text = (name: string): string => given.get(name) ?? '';
  const page = Number(text('page'));
  const cursor = text('cursor');
  return {
    test: given.get('test'),
    listing: {
      q: text('q'),
      workspace: text('workspace'),
      platform: text('platform'),
      category: text('category'),
      certainty: text('certainty'),
      sort: sorts.find((sort) => sort === text('sort')) ?? allTests.sort,
      order: text('order') === 'asc' ? 'asc' : 'desc',
      cursor,
      page: cursor !== '' && Number.isInteger(page) && page > 1 ? page : 1,
    },
  };
}

/**
 * The page's address for a listing, without default values. All addresses are relative, as the page may be below a path
 * of a proxy; the page's own path ends with a slash.
 */
export function listingHref(listing: Partial<Listing>): string {
  const given = Object.entries(listing).filter(([name, value]) => value !== allTests[name as keyof Listing]);
  return given.length === 0 ? './' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** The page's address for one test. */
export function testHref(uuid: string): string {
  return `?${new URLSearchParams({ test: uuid })}`;
}

/** The API's address for a page of tests. */
export function testsUrl(listing: Listing): string {
  return apiUrl(listing, { cursor: listing.cursor });
}

/** The API's address for all tests of a listing, as a file. */
export function downloadUrl(listing: Listing, format: 'csv' | 'ndjson'): string {
  return apiUrl(listing, { format });
}

function apiUrl({ q, workspace, platform, category, certainty, sort, order }: Listing, more: Record<string, string>) {
  const all = Object.entries({ q: q.trim(), workspace, platform, category, certainty, sort, order, ...more });
  return `api/tests?${new URLSearchParams(all.filter(([, value]) => value !== ''))}`;
}
