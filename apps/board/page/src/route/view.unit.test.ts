import { describe, expect, it } from 'vitest';
import { allTests } from './listing.ts';
import { downloadUrl, testsUrl } from './tests-url.ts';
import { listingHref, testHref, viewOf } from './view.ts';

const chosen = { ...allTests, q: 'a & b', type: 'no sessions', sort: 'title', order: 'asc' } as const;

describe("the page's address", () => {
  it('says what is shown and reads back the same', () => {
    const paged = { ...chosen, cursor: 'abc', page: 3 };
    expect(viewOf(listingHref(paged).slice(1))).toEqual({ test: null, listing: paged });
    expect(viewOf(testHref('u').slice(1)).test).toBe('u');
  });

  it('is short where nothing was chosen', () => {
    expect(listingHref(allTests)).toBe('/');
    expect(viewOf('')).toEqual({ test: null, listing: allTests });
  });

  it('leaves out what makes no sense', () => {
    expect(viewOf('?sort=colour&order=up&page=-1&other=1').listing).toEqual(allTests);
    expect(viewOf('?page=7').listing.page).toBe(1);
  });
});

describe("the API's address", () => {
  it('holds what is chosen, and for a file everything but the page', () => {
    expect(testsUrl({ ...chosen, cursor: 'abc' })).toBe(
      '/api/tests?q=a+%26+b&type=no+sessions&sort=title&order=asc&cursor=abc',
    );
    expect(downloadUrl({ ...chosen, cursor: 'abc' }, 'csv')).toBe(
      '/api/tests?q=a+%26+b&type=no+sessions&sort=title&order=asc&format=csv',
    );
  });
});
