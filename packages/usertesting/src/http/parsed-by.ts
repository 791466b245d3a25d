import { AxiosError, type AxiosResponseTransformer, type InternalAxiosRequestConfig } from 'axios';
import { parseJson } from './parse-json.ts';

/** What a reader of JSON says instead of a result when the JSON isn't the documented one. */
export interface Problem {
  readonly problem: string;
}

/**
 * Reads the JSON of a 200 as part of the request, so that axios-retry repeats the request when it isn't the documented
 * one. Other statuses keep their text.
 * @param read gives the result or the problem, and never throws
 */
export function parsedBy<Result extends object>(read: (json: unknown) => Result | Problem): AxiosResponseTransformer {
  return function parse(this: InternalAxiosRequestConfig, text: unknown, _headers, status): unknown {
    if (status !== 200) return text;
    const json = parseJson(String(text));
    const result = json === undefined ? { problem: 'the body is not JSON' } : read(json);
    if (!('problem' in result)) return result;
    throw new AxiosError(result.problem, AxiosError.ERR_BAD_RESPONSE, this);
  };
}
