import { RejectedError } from '../errors.ts';

/** Whether an id can stand in a URL: `.` and `..` would name another path, half a surrogate pair cannot be encoded. */
export function isUsableId(id: string): boolean {
  if (id === '' || id === '.' || id === '..' || id.length > 2_000) return false;
  try {
    encodeURIComponent(id);
    return true;
  } catch {
    return false;
  }
}

/**
 * An id as one segment of a path or one value of a query.
 * @throws RejectedError when the id cannot be asked about.
 */
export function pathSegment(id: string | null, what: string): string {
  if (id !== null && isUsableId(id)) return encodeURIComponent(id);
  throw new RejectedError(
    `The ${what} cannot be part of a web address, so it cannot be asked about.`,
    'unclassified_error',
  );
}
