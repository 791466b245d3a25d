import { z } from 'zod';
import { parseJson } from '../http/parse-json.ts';
import { isUsableId } from '../http/path-segment.ts';

/** Larger numbers lose digits when JSON is read, and would name another session. */
const sessionId = z.union([z.string(), z.number().int().transform(String)]).refine(isUsableId);
const answer = z.object({ sessions: z.array(z.unknown()).optional() });
const session = z.object({ sessionId });

/** The first session's id, null for a test without sessions, or what is wrong with the answer. */
export type FirstSession = { readonly sessionId: string | null } | { readonly problem: string };

/**
 * Reads the body of a 200 from `sessionResults`, leniently: only the first session's id has to be there, and only
 * when there are sessions. Never throws, whatever came.
 */
export function firstSessionId(text: string): FirstSession {
  const json = parseJson(text);
  if (json === undefined) return { problem: 'the body is not JSON' };
  const checked = answer.safeParse(json);
  if (!checked.success) return { problem: 'the body is not an object with a list of sessions' };
  const [first] = checked.data.sessions ?? [];
  if (checked.data.sessions === undefined || checked.data.sessions.length === 0) return { sessionId: null };
  const usable = session.safeParse(first);
  return usable.success ? usable.data : { problem: 'the first session has no usable sessionId' };
}
