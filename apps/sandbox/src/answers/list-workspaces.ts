import type { Library } from '../library/library.ts';
import { type Answer, jsonAnswer } from './answer.ts';

/** All workspaces as a bare array; there are no pages. */
export function listWorkspaces(library: Library): Answer {
  return jsonAnswer(200, library.workspaces());
}
