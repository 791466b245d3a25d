/** Columns that the API sorts tests by. */
const sorts = ['title', 'category', 'workspace_name', 'ordered_at', 'classified_at', 'test_uuid'] as const;
export type Sort = (typeof sorts)[number];

/** What tests are filtered by, as the API has it. */
const filters = ['q', 'workspace', 'platform', 'category', 'certainty', 'error', 'ordered'] as const;
type Filters = Readonly<Record<(typeof filters)[number], string>>;

function filtersFrom(read: (name: string) => string): Filters {
  return Object.fromEntries(filters.map((name) => [name, read(name)])) as Filters;
}

/** Which tests are shown, and in which order. Empty texts filter nothing. */
export interface Listing extends Filters {
  readonly sort: Sort;
  readonly order: 'asc' | 'desc';
  /** Where the page of tests begins; empty for the first one. */
  readonly cursor: string;
  /** Number of the page of tests, from 1. */
  readonly page: number;
}

/** All tests, newest first. */
export const allTests: Listing = { ...filtersFrom(() => ''), sort: 'ordered_at', order: 'desc', cursor: '', page: 1 };

/** What the page shows. */
export interface View {
  readonly name: 'overview' | 'tests' | 'runs' | 'run' | 'test';
  /** Id of the run, or `latest`; null unless one is shown. */
  readonly run: string | null;
  /** UUID of the test; null unless one is shown. */
  readonly test: string | null;
  /** Which tests the view of tests shows. */
  readonly listing: Listing;
}

export const overviewHref = './';
export const runsHref = '?view=runs';

/** Reads the query string of the page's address. Values that make no sense are ignored. */
export function viewOf(search: string): View {
  const given = new URLSearchParams(search);
  const text = (name: string): string => given.get(name) ?? '';
  const page = Number(text('page'));
  const cursor = text('cursor');
  const test = given.get('test');
  const listing: Listing = {
    ...filtersFrom(text),
    sort: sorts.find((sort) => sort === text('sort')) ?? allTests.sort,
    order: text('order') === 'asc' ? 'asc' : 'desc',
    cursor,
    page: cursor !== '' && Number.isInteger(page) && page > 1 ? page : 1,
  };
  const isListing = text('view') === 'tests' || chosen(listing).length > 0;
  const run = test === null ? given.get('run') : null;
  return { name: nameOf(), run, test, listing };

  function nameOf(): View['name'] {
    if (test !== null) return 'test';
    if (run !== null) return 'run';
    if (isListing) return 'tests';
    return text('view') === 'runs' ? 'runs' : 'overview';
  }
}

/** What a listing has that is not the default. */
function chosen(listing: Partial<Listing>): [name: string, value: string | number][] {
  return Object.entries(listing).filter(([name, value]) => value !== allTests[name as keyof Listing]);
}

/**
 * The page's address for a listing, without default values. All addresses are relative, as the page may be below a path
 * of a proxy; the page's own path ends with a slash.
 */
export function listingHref(listing: Partial<Listing>): string {
  const given = chosen(listing);
  if (given.length === 0) return '?view=tests';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** The page's address for one test. */
export function testHref(uuid: string): string {
  return `?${new URLSearchParams({ test: uuid })}`;
}

/** The page's address for one run. */
export function runHref(id: string): string {
  return `?${new URLSearchParams({ run: id })}`;
}

/** The API's address for a page of tests. */
export function testsUrl(listing: Listing): string {
  return apiUrl(listing, { cursor: listing.cursor });
}

/** The API's address for all tests of a listing, as a file. */
export function downloadUrl(listing: Listing, format: 'csv' | 'ndjson'): string {
  return apiUrl(listing, { format });
}

function apiUrl({ q, page: _, cursor: __, ...listing }: Listing, more: Record<string, string>) {
  const all = Object.entries({ q: q.trim(), ...listing, ...more });
  return `api/tests?${new URLSearchParams(all.filter(([, value]) => value !== ''))}`;
}
