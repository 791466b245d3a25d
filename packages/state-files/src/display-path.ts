import { isAbsolute, relative } from 'node:path';

/** A path for people: relative when it lies inside the current folder. */
export function displayPath(path: string, cwd = process.cwd()): string {
  const inside = relative(cwd, path);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}
