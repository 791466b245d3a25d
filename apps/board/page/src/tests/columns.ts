import type { Sort } from '../route/listing.ts';

/** The table's columns by their sort, with their headings. */
export const columns: readonly { readonly sort: Sort; readonly name: string }[] = [
  { sort: 'title', name: 'Test' },
  { sort: 'type', name: 'Type' },
  { sort: 'workspace', name: 'Workspace' },
  { sort: 'orderedAt', name: 'Ordered' },
  { sort: 'decidedAt', name: 'Decided' },
];
