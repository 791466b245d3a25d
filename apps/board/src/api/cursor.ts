import { z } from 'zod';
import type { Place, Sorting } from '../rows/row-order.ts';

const cursorSchema = z.tuple([z.string(), z.string(), z.string().nullable(), z.string()]);

/** A place in a sorting as a text that means nothing to others. */
export function writeCursor({ key, uuid }: Place, { sort, order }: Sorting): string {
  return Buffer.from(JSON.stringify([sort, order, key, uuid])).toString('base64url');
}

/** The place of a cursor; null when it is none, or one of another sorting. */
export function readCursor(cursor: string, { sort, order }: Sorting): Place | null {
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success) return null;
  const [sortedBy, direction, key, uuid] = parsed.data;
  return sortedBy === sort && direction === order ? { key, uuid } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
