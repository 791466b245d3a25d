import { z } from 'zod';
import { parseJson } from '../http/parse-json.ts';
import { isUsableId } from '../http/path-segment.ts';
import { readMoment } from './read-moment.ts';

/** Larger numbers lose digits when JSON is read, and would name another session. */
const sessionId = z.union([z.string(), z.number().int().transform(String)]).refine(isUsableId);
const anything = z.unknown().optional();
const answer = z.object({ sessions: z.array(z.unknown()).nullish(), testId: anything, meta: anything });
const session = z.object({ sessionId, finishTime: anything });

/** The first session's id and finish time (epoch ms; null = not known), a null id for a test without sessions, or what is wrong. */
export type FirstSession =
  | { readonly sessionId: string; readonly finishedAt: number | null }
  | { readonly sessionId: null }
  | { readonly problem: string };

/**
 * Reads the body of a 200 from `sessionResults`, leniently: only the first session's id has to be there, and only when
 * there are sessions. An object with none of the documented keys is no answer to this question: gateways say their
 * errors like that. Never throws, whatever came.
 * @param nowMs epoch ms, for telling which finish times cannot be
 */
export function firstSession(text: string, nowMs: number): FirstSession {
  const json = parseJson(text);
  if (json === undefined) return { problem: 'the body is not JSON' };
  const checked = answer.safeParse(json);
  if (!checked.success) return { problem: 'the body is not an object with a list of sessions' };
  const { sessions, testId, meta } = checked.data;
  if (sessions === undefined && testId === undefined && meta === undefined) {
    return { problem: 'the body has neither sessions nor testId nor meta' };
  }
  if (!sessions || sessions.length === 0) return { sessionId: null };
  const usable = session.safeParse(sessions[0]);
  if (!usable.success) return { problem: 'the first session has no usable sessionId' };
  return { sessionId: usable.data.sessionId, finishedAt: readMoment(usable.data.finishTime, nowMs) };
}
