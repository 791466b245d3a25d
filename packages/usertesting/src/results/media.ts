import type { ProbeName } from '@inventory/classification';
import { type BodyStart, bare, bodyForm, isObject, parseJson } from '../http/body.ts';

/** No more of a media body is read: its first keys tell data from an error. */
export const mediaBytes = 4_096;
/** The beginning of every WebVTT file. Source: W3C, WebVTT, 4.1. */
const webVtt = 'WEBVTT';

/** Whether this much of the body of a media probe's 200 is enough for {@link foreignMedia}. */
export function isEnoughOfMedia(text: string): boolean {
  const start = bare(text);
  if (/^[{[]/.test(start)) return parseJson(start) !== undefined;
  return start.length >= webVtt.length || (start !== '' && !webVtt.startsWith(start));
}

/**
 * Why the body of a media probe's 200 shows that it is not the API's; null where it may be. Scores and the address of a
 * video are a JSON object, a transcript is WebVTT or JSON. The content type does not count.
 */
export function foreignMedia(probe: Exclude<ProbeName, 'sessions'>, { text, whole }: BodyStart): string | null {
  const start = bare(text);
  if (probe === 'transcript' && start.startsWith(webVtt)) return null;
  if (!(probe === 'transcript' ? /^[{[]/ : /^{/).test(start)) return bodyForm(start);
  const json = parseJson(start);
  if (json === undefined && whole) return 'broken JSON';
  const isList = start.startsWith('[');
  const hasData = json === undefined ? isList || keysIn(start).some(isDataKey) : holdsData(json);
  return hasData ? null : `a JSON ${isList ? 'list' : 'object'} that holds no data`;
}

// Keys are compared without `_` and `-`. Sources: RFC 9457 and 8908, Okta, Apigee, Kong, Spring, AWS, Imperva, Cloudflare.

/** A key with one of these in it belongs to an error. */
const errorParts =
  /error|exception|fault|message|status|reason|detail|descri|document|moreinfo|trace|request|correlation|transaction|incident|support|portal|redirect|cloudflare|retry|client|server|hostname|hostid/;
/** So do these, which the keys of data may have in them. */
const errorKeys: ReadonlySet<string> = new Set(
  `err errno errmsg code subcode errcode rescode returncode msg success ok title type instance path method timestamp time
  help hint host ip zone rayid stack captive jsonrpc version id proxyid proxyip whatyoushoulddo footer
  owneractionrequired`.split(/\s+/),
);
/** What services put around an answer, whether it is an error or not. */
const envelopes: ReadonlySet<string> = new Set(['data', 'result', 'results', 'response', 'body', 'payload']);

/** Whether an object, or one of a list, holds more than proxies, gateways and services put into errors; an empty list may. */
function holdsData(json: unknown): boolean {
  if (Array.isArray(json)) return json.length === 0 || json.some((item) => !isObject(item) || holdsData(item));
  return (
    isObject(json) && Object.entries(json).some(([key, value]) => (isEnvelope(key) ? isFull(value) : isDataKey(key)))
  );
}

/** Whether what is in an envelope is data: no text, which may say anything, and no empty list. */
function isFull(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 && holdsData(value) : holdsData(value);
}

function isEnvelope(key: string): boolean {
  return envelopes.has(bareKey(key));
}

function isDataKey(key: string): boolean {
  const name = bareKey(key);
  return !errorKeys.has(name) && !errorParts.test(name);
}

function bareKey(key: string): string {
  return key.toLowerCase().replace(/[_-]/g, '');
}

/** The keys of an object whose JSON may be cut off; not those of objects inside of it. */
function keysIn(text: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [token, name, colon] of text.matchAll(/"((?:[^"\\]|\\.)*)(?:"\s*(:)?|\\?$)|[{}[\]]/gs)) {
    if (/^[{[]/.test(token)) depth += 1;
    else if (/^[}\]]/.test(token)) depth -= 1;
    else if (depth === 1 && colon !== undefined) keys.push(name ?? '');
  }
  return keys;
}
