import { droppedSession } from '@inventory/classification';
import { z } from 'zod';
import { type BodyStart, bodyForm, parseJson, tellsOfError } from '../http/body.ts';
import { isUsableId } from '../http/urls.ts';

/** Which 404 is the API's: one with a JSON object as its body, or every one. */
export type NotFoundBody = 'json' | 'any';

/** A larger body of a 404 is no error message. */
export const notFoundBytes = 65_536;

/**
 * Why the body of a 404 shows that it is not the API's; null where it may be. Any JSON object may be: the API's errors are
 * not documented, and the tutorial's have `code` and `message`.
 */
export function foreignNotFound({ text, whole }: BodyStart): string | null {
  if (!whole) return `more than ${notFoundBytes} bytes`;
  const form = bodyForm(text);
  return form === 'a JSON object' ? null : form;
}

/** Larger numbers lose digits when JSON is read, and would name another session. */
const sessionId = z
  .union([z.string(), z.number().int().transform(String)])
  .refine((id) => isUsableId(id) && id !== droppedSession);
const anything = z.unknown().optional();
const answer = z.looseObject({ sessions: z.array(z.unknown()).nullish(), testId: anything, meta: anything });
const session = z.object({ sessionId, finishTime: anything });

/** The first session's id and finish time (epoch ms; null = not known), a null id for a test without sessions, or what is wrong. */
export type FirstSession =
  | { readonly sessionId: string; readonly finishedAt: number | null }
  | { readonly sessionId: null }
  | { readonly problem: string };

/**
 * Reads the body of a 200 from `sessionResults`, leniently: only the first session's id is required, and only when there
 * are sessions. An object with none of the documented keys is no answer to this question: gateways give errors like that. An
 * error tells more than the sessions that are missing beside it. Whose `testId` it names is not compared: no document says
 * that it always is the listing's `uuid`. Never throws.
 * @param nowMs epoch ms, to tell which finish times are impossible
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
  if (!sessions || sessions.length === 0) {
    return tellsOfError(checked.data) ? { problem: 'the body tells of an error' } : { sessionId: null };
  }
  const usable = session.safeParse(sessions[0]);
  if (!usable.success) return { problem: 'the first session has no usable sessionId' };
  return { sessionId: usable.data.sessionId, finishedAt: readMoment(usable.data.finishTime, nowMs) };
}

const iso =
  /^(?<date>\d{4}-\d{2}-\d{2})(?:[T ](?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(?<zone>Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
/** UserTesting was founded in 2007. */
const earliest = Date.UTC(2007, 0, 1);
/** How far a clock may be wrong. */
const aheadMs = 86_400_000;

/**
 * A moment in ISO 8601, epoch ms; without a zone it is UTC. Null for anything else, and for an impossible one: before
 * there were any sessions, or more than a day ahead of `nowMs` (epoch ms).
 */
export function readMoment(value: unknown, nowMs: number): number | null {
  const { date, time = '00:00', zone = 'Z' } = (typeof value === 'string' && iso.exec(value.trim())?.groups) || {};
  if (date === undefined) return null;
  const offset = /^[+-]\d{2}$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2').toUpperCase();
  const moment = Date.parse(`${date}T${time}${offset}`);
  return moment >= earliest && moment <= nowMs + aheadMs ? moment : null;
}
