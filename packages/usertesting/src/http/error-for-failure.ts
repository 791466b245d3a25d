import { type ErrorDetails, TransientError } from '../errors.ts';
import { plainCause } from './plain-cause.ts';
import { DeadlineError } from './with-deadline.ts';

const advice: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name cannot be resolved: check the address and the network',
  EAI_AGAIN: 'its name cannot be resolved right now: check the network',
  ECONNREFUSED: 'it refuses the connection: check the address, and that it is up',
  ECONNRESET: 'the connection was cut',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection was cut',
  ETIMEDOUT: 'it took too long',
};

/** The error for a request that got no whole answer: time-out, reset, refused, DNS, a proxy, a body cut off. */
export function errorForFailure(
  failure: unknown,
  where: string,
  known: Pick<ErrorDetails, 'status' | 'attempts'> = {},
): TransientError {
  const cause = plainCause(failure);
  const details = { ...known, cause };
  if (cause.code === 'ERR_PROXY') {
    return new TransientError(`No connection to ${where}: ${cause.message}.`, 'network_error', details);
  }
  const reason =
    failure instanceof DeadlineError ? failure.message : (advice[cause.code] ?? (cause.code || cause.message));
  return new TransientError(`${where} gave no whole answer (${reason}).`, 'network_error', details);
}
