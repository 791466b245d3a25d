import type { Failure } from '@inventory/checkpoints';
import type { Activation } from '@inventory/queue';
import { ApiError, RejectedError, ThrottledError, TransientError, UnauthorizedError } from '@inventory/usertesting';
import type { ActivationContext, Step } from './activate.ts';
import { backOff } from './back-off.ts';

type ErrorType = Failure['type'];

/**
 * What to do after a request that gave no answer. The class of the error decides: throttled
 * and unauthorized are not failed tries, transient ones are tried again, the rest is recorded.
 * @throws what is not an error of the API
 */
export async function afterFailure(context: ActivationContext, step: Step, error: unknown): Promise<Activation> {
  if (error instanceof ThrottledError) return throttled(context, step, error);
  if (error instanceof ApiError && step.permit.streak > 0) await context.pace.answered();
  if (error instanceof UnauthorizedError) return unauthorized(context, step, error);
  if (error instanceof TransientError) return transient(context, step, error);
  if (error instanceof RejectedError) return record(context, step, error, error.type);
  throw error;
}

async function throttled(context: ActivationContext, step: Step, error: ThrottledError): Promise<Activation> {
  const { leftMs, refusedForMs } = await context.pace.refused(step.permit.startedAt, error.pauseMs);
  context.counts.limited({ from: step.permit.startedAt, ms: leftMs });
  context.logger.warn({ seconds: Math.ceil(leftMs / 1000) }, 'limited by the API (429): everything pauses');
  if (refusedForMs < context.refusalLimitMs) return { next: 'again' };
  return record(context, step, error, 'rate_limited_then_failed');
}

async function unauthorized(context: ActivationContext, step: Step, error: UnauthorizedError): Promise<Activation> {
  if ((await context.tokens.refused(step.token)) === 'renewed') return { next: 'again' };
  context.logger.error('two new tokens in a row were refused (401): the queue is paused');
  await context.holdForAuth();
  return record(context, step, error, 'auth_error');
}

async function transient(context: ActivationContext, step: Step, error: TransientError): Promise<Activation> {
  const tries = step.tries + 1;
  if (tries > context.stepRetries) return record(context, step, error, error.type);
  await context.checkpoint.noteTries(step.testUuid, step.probe, tries);
  context.counts.stepRetried(step.probe, error.type);
  const delayMs = backOff(tries, Math.random());
  context.logger.info({ test: step.testUuid, probe: step.probe, tries, delayMs, why: error.message }, 'trying again');
  return { next: 'later', delayMs };
}

async function record(
  { checkpoint, counts, logger, secrets }: ActivationContext,
  { testUuid, tries }: Step,
  error: ApiError,
  type: ErrorType,
): Promise<Activation> {
  const body: unknown = JSON.parse(secrets.clean(JSON.stringify(error.body ?? null)));
  const message = secrets.clean(error.message);
  await checkpoint.fail(testUuid, {
    status: error.status,
    status_code: error.status,
    type,
    error: message,
    body,
    attempts: tries + 1,
  });
  counts.errorRecorded(type);
  logger.warn({ test: testUuid, type, status: error.status }, message);
  return { next: 'finish' };
}
