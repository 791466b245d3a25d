import type { Listing, Sort } from '../route/listing.ts';

/** The listing after a click on a heading: the other way round, or by that column; times begin with the newest. */
export function sortedBy(listing: Listing, sort: Sort): Pick<Listing, 'sort' | 'order'> {
  if (listing.sort === sort) return { sort, order: listing.order === 'asc' ? 'desc' : 'asc' };
  return { sort, order: sort === 'orderedAt' || sort === 'decidedAt' ? 'desc' : 'asc' };
}
