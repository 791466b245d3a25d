import { AxiosError, type AxiosResponse } from 'axios';
import { type ApiError, TransientError } from '../errors.ts';
import { bodyForm } from './body-form.ts';
import { errorBody } from './error-body.ts';
import { errorForFailure } from './error-for-failure.ts';
import { errorForStatus } from './error-for-status.ts';
import { foreignAnswer } from './foreign-answer.ts';
import { tokenId } from './token-id.ts';

/** The error for what axios threw when its tries had run out, or could not help. */
export function errorForAxios(failure: unknown, where: string, token: string): ApiError {
  if (!(failure instanceof AxiosError)) return errorForFailure(failure, where);
  const { response, code, message, config } = failure;
  const attempts = 1 + (config?.['axios-retry']?.retryCount ?? 0);
  if (response === undefined) {
    if (code !== AxiosError.ERR_BAD_RESPONSE) return errorForFailure(failure, where, { attempts });
    const details = { status: 200, attempts };
    return new TransientError(`${where} answered 200, but ${message}.`, 'invalid_response', details);
  }
  const { status, headers } = response;
  if (status === 200) return errorForFailure(failure, where, { status, attempts });
  const text = typeof response.data === 'string' ? response.data : '';
  const body = errorBody(text, token);
  if (isForeignNotFound(response)) return foreignAnswer({ status, where, form: bodyForm(text), body, attempts });
  return errorForStatus({ status, headers, body, where, tokenId: tokenId(token), attempts });
}

/** Whether a 404 is somebody else's: the API's has a JSON object as its body. */
export function isForeignNotFound({ status, data }: AxiosResponse): boolean {
  return status === 404 && bodyForm(String(data)) !== 'a JSON object';
}
