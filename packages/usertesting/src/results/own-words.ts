import type { ProbeName } from '@inventory/classification';
import { bodyForm, isObject } from '../http/body-form.ts';
import { parseJson } from '../http/parse-json.ts';
import type { BodyStart } from '../http/read-until.ts';

/** Which 404 is the API's: one with a JSON object as its body, or every one. */
export type NotFoundBody = 'json' | 'any';

/** A larger body of a 404 is nobody's error message. */
export const notFoundBytes = 65_536;
/** A JSON object that is larger holds more than an error. */
export const mediaBytes = 4_096;

/** What proxies, gateways and services say of an error in JSON: RFC 9457, Okta, Apigee, Kong, Spring, AWS; without _ and -. */
const errorKeys: ReadonlySet<string> = new Set(
  `error errors errorcode errormessage errordescription errordetails errortype errorsummary errorlink errorid errorcauses
  exception fault faultstring code subcode message messages msg developermessage moreinfo moreinformation documentation
  documentationurl reason description status statuscode statustext httpcode httpstatus httpmessage success ok detail details
  title type instance path method timestamp requestid correlationid traceid transactionid incidentid supportid
  rayid`.split(/\s+/),
);

/**
 * Why the body of a 404 shows that it is not the API's; null where it may be. Any JSON object may be: the API's errors are
 * not documented, and the tutorial's have `code` and `message`.
 */
export function foreignNotFound({ text, whole }: BodyStart): string | null {
  if (!whole) return `more than ${notFoundBytes} bytes`;
  const form = bodyForm(text);
  return form === 'a JSON object' ? null : form;
}

/** Whether so much of the body of a media probe's 200 tells whose it is. */
export function tellsWhose(text: string): boolean {
  const bare = text.replace(/^\uFEFF/, '').trimStart();
  if (/^[{[]/.test(bare)) return parseJson(bare) !== undefined;
  return bare.length >= webVtt.length || (bare !== '' && !webVtt.startsWith(bare));
}

/**
 * Why the body of a media probe's 200 shows that it is not the API's; null where it may be. Scores and the address of a
 * video are a JSON object, a transcript is WebVTT or JSON. What stands in the content type does not count.
 */
export function foreignMedia(probe: Exclude<ProbeName, 'sessions'>, { text, whole }: BodyStart): string | null {
  const bare = text.replace(/^\uFEFF/, '').trimStart();
  if (probe === 'transcript' && bare.startsWith(webVtt)) return null;
  if (!(probe === 'transcript' ? /^[{[]/ : /^{/).test(bare)) return bodyForm(bare);
  const json = parseJson(bare);
  if (json === undefined) return whole ? 'broken JSON' : null;
  return isObject(json) && Object.keys(json).every(isErrorKey) ? 'a JSON object that holds no data' : null;
}

/** What every WebVTT file begins with. Source: W3C, WebVTT, 4.1. */
const webVtt = 'WEBVTT';

function isErrorKey(key: string): boolean {
  return errorKeys.has(key.toLowerCase().replace(/[_-]/g, ''));
}
