import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Library } from '../library/library.ts';
import { libraryEntry } from './library-entry.ts';

const PIECE = 500;

/** Sends every test with its expected verdict as one JSON array, in pieces, so that its length does not matter. */
export async function streamLibrary(library: Library, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  await pipeline(Readable.from(pieces(library)), response);
}

function* pieces(library: Library): Generator<string> {
  const names = new Map(library.workspaces().map(({ uuid, name }) => [uuid, name]));
  let entries: string[] = [];
  let separator = '[';
  for (const test of library.tests()) {
    entries.push(JSON.stringify(libraryEntry(test, names)));
    if (entries.length < PIECE) continue;
    yield separator + entries.join(',');
    separator = ',';
    entries = [];
  }
  if (entries.length > 0 || separator === '[') yield separator + entries.join(',');
  yield ']';
}
