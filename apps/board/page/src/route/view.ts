import { allTests, type Listing, sorts } from './listing.ts';

/** What the page shows: one test, or the inventory with a listing of tests. */
export interface View {
  readonly test: string | null;
  readonly listing: Listing;
}

/** Reads the query string of the page's address; what makes no sense is left out. */
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
      type: text('type'),
      certainty: text('certainty'),
      sort: sorts.find((sort) => sort === text('sort')) ?? allTests.sort,
      order: text('order') === 'asc' ? 'asc' : 'desc',
      cursor,
      page: cursor !== '' && Number.isInteger(page) && page > 1 ? page : 1,
    },
  };
}

/** The page's address for a listing, without what is so anyway. */
export function listingHref(listing: Listing): string {
  const { page, ...rest } = listing;
  const given = Object.entries(rest).filter(([name, value]) => value !== allTests[name as keyof Listing]);
  const all = page > 1 ? [...given, ['page', String(page)]] : given;
  return all.length === 0 ? '/' : `/?${new URLSearchParams(all)}`;
}

/** The page's address for one test. */
export function testHref(uuid: string): string {
  return `/?${new URLSearchParams({ test: uuid })}`;
}
