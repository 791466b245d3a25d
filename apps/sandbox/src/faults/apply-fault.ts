import { type Answer, jsonAnswer } from '../answers/answer.ts';
import { errorAnswer } from '../answers/error-answer.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Delivery } from '../server/planned-answer.ts';
import type { Fault } from './fault.ts';

/** What a fault makes of an answer. */
export interface Faulty {
  readonly answer: Answer;
  readonly delivery: Delivery;
  readonly extraDelayMs: number;
}

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const PAGE = '<!doctype html><html><head><title>One moment</title></head><body>We will be right back.</body></html>';

/** Applies a fault to the answer that would have been given; `throttled` is what the limiter would say. Pure. */
export function applyFault(fault: Fault, endpoint: Endpoint, usual: Answer, throttled: Answer): Faulty {
  const whole = (answer: Answer): Faulty => ({ answer, delivery: 'whole', extraDelayMs: 0 });
  switch (fault.kind) {
    case 'status':
      return whole(statusAnswer(fault, endpoint));
    case 'throttle':
      return whole(fault.retryAfter === undefined ? throttled : withRetryAfter(throttled, fault.retryAfter));
    case 'not-json':
      return whole({ status: 200, headers: HTML, body: PAGE });
    case 'wrong-shape':
      return whole(jsonAnswer(200, fault.body === undefined ? { unexpected: [1, 2, 3] } : fault.body));
    case 'redirect':
      return whole({ status: fault.status ?? 302, headers: { location: fault.location ?? '/sign-in' }, body: '' });
    case 'delay':
      return { ...whole(usual), extraDelayMs: fault.ms };
    default:
      return { answer: usual, delivery: fault.kind, extraDelayMs: 0 };
  }
}

function statusAnswer(fault: Extract<Fault, { kind: 'status' }>, endpoint: Endpoint): Answer {
  const words = errorAnswer(endpoint, fault.status);
  const withHeaders = { ...words, headers: { ...words.headers, ...lowerCaseNames(fault.headers) } };
  if (fault.body === undefined) return withHeaders;
  if (typeof fault.body !== 'string') return { ...withHeaders, body: JSON.stringify(fault.body) };
  return {
    ...withHeaders,
    headers: { 'content-type': 'text/plain', ...lowerCaseNames(fault.headers) },
    body: fault.body,
  };
}

function withRetryAfter(answer: Answer, value: string | null): Answer {
  const { 'retry-after': _, ...others } = answer.headers;
  return { ...answer, headers: value === null ? others : { ...others, 'retry-after': value } };
}

function lowerCaseNames(headers: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
