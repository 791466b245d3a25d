import { AxiosError } from 'axios';
import { type ApiError, TransientError } from '../errors.ts';
import { errorBody } from './error-body.ts';
import { errorForFailure } from './error-for-failure.ts';
import { errorForStatus } from './error-for-status.ts';
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
  const body = errorBody(typeof response.data === 'string' ? response.data : '', token);
  return errorForStatus({ status, headers, body, where, tokenId: tokenId(token), attempts });
}
