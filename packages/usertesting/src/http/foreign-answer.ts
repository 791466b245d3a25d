import { type ErrorDetails, ForeignAnswerError } from '../errors.ts';

/** An answer that is not the API's. */
export interface ForeignAnswer extends Pick<ErrorDetails, 'body' | 'attempts'> {
  readonly status: number;
  /** Host and path that were asked. */
  readonly where: string;
  /** What the body is, as `bodyForm` says it. */
  readonly form: string;
  /** What else there is to do. */
  readonly advice?: string;
}

/** The error for an answer that somebody else gave in the API's place. */
export function foreignAnswer({ status, where, form, advice, ...details }: ForeignAnswer): ForeignAnswerError {
  const what = `${where} answered ${status}, but not in the API's form (${form}): a ${status} that is not the API's.`;
  const suspects =
    'A proxy, gateway or firewall may have given it: check what stands between this machine and the API.';
  return new ForeignAnswerError([what, suspects, advice ?? ''].join(' ').trim(), { status, ...details });
}
