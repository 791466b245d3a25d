import type { Failure } from '@inventory/checkpoints';
import type { Activation, Granted, Permit } from '@inventory/queue';
import {
  ApiError,
  ForeignAnswerError,
  type ProbeAnswer,
  RejectedError,
  ThrottledError,
  TransientError,
  UnauthorizedError,
} from '@inventory/usertesting';
import type { ActivationContext, Step } from './context.ts';

/**
 * Any answer ends a streak of refusals and an outage. An answer that shows that other programs use up the rate pauses
 * all workers.
 */
export async function afterAnswer(
  context: ActivationContext,
  permit: Granted,
  { rateLimit }: Pick<ProbeAnswer, 'rateLimit'>,
): Promise<void> {
  const { pace, counts, logger } = context;
  if (permit.streak > 0) await pace.answered();
  await endOutage(context, permit);
  const reset = rateLimit?.remaining === 0 ? (rateLimit.resetSeconds ?? 0) : 0;
  // A client that uses exactly the allowed rate always sees 0 remaining; only a longer wait means that others use it.
  if ((reset - 1) * 1000 <= pace.intervalMs) return;
  const { leftMs } = await pace.rest(reset * 1000, 'rate used up');
  counts.limited({ from: permit.startedAt, ms: leftMs });
  logger.warn({ seconds: Math.ceil(leftMs / 1000) }, 'others are using up the request rate of this account: resting');
}

/** Notes that the API has answered, with any status. */
async function endOutage({ pace, logger }: ActivationContext, permit: Granted): Promise<void> {
  const since = await pace.circuit.answered(permit);
  if (since === null) return;
  logger.warn({ afterSeconds: Math.ceil((permit.startedAt - since) / 1000) }, 'the Results API answers again');
}

/** What happens to a job whose request may not be sent. Sets the limit if it is missing. */
export async function withoutPermit(
  { pace, logger }: ActivationContext,
  why: Extract<Permit, { go: false }>['why'],
): Promise<Activation> {
  if (why === 'unlimited') await pace.assertLimit();
  if (why === 'slow') logger.warn('Redis took longer than half an interval to permit a request: it was not sent');
  return { next: 'again' };
}

type ErrorType = Failure['type'];

const firstBackOff = 1_000;
const longestBackOff = 60_000;

/** How much later than the next request that probes a test comes back which found nothing out, ms. */
const behindTheProbe = 1_000;

/**
 * What to do after a request that gave no answer. The class of the error decides: throttled and unauthorized are not
 * failed tries, transient ones are tried again unless they are part of an outage, an answer that is not the API's is
 * requested again, the rest is recorded.
 * @throws what is not an error of the API
 */
export async function afterFailure(context: ActivationContext, step: Step, error: unknown): Promise<Activation> {
  if (!(error instanceof ApiError)) throw error;
  if (!(error instanceof ThrottledError) && step.permit.streak > 0) await context.pace.answered();
  if (error instanceof TransientError || error instanceof ForeignAnswerError) return noAnswer(context, step, error);
  if (error.status !== null) await endOutage(context, step.permit);
  if (error instanceof ThrottledError) return throttled(context, step, error);
  if (error instanceof UnauthorizedError) return unauthorized(context, step, error);
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

/**
 * Tries again after a back-off, as often as the kind of failure allows; a failure in an outage counts for no test. An
 * answer that is not the API's counts also then: what says so to all the tests that are left may never end.
 */
async function noAnswer(
  context: ActivationContext,
  step: Step,
  error: TransientError | ForeignAnswerError,
): Promise<Activation> {
  const { checkpoint, counts, logger, stepRetries } = context;
  const { testUuid, probe } = step;
  const isForeign = error instanceof ForeignAnswerError;
  const outageMs = await noteFailure(context, step, error);
  if (outageMs > 0 && !isForeign) return { next: 'later', delayMs: outageMs };
  const tries = step.tries.tries + (isForeign ? 0 : 1);
  const foreign = step.tries.foreign + (isForeign ? 1 : 0);
  if (isForeign ? foreign > 1 : tries > stepRetries) return record(context, step, error, error.type);
  await checkpoint.noteTries(testUuid, probe, { tries, foreign });
  counts.stepRetried(probe, error.type);
  const delayMs = Math.max(outageMs, backOff(tries + foreign, Math.random()));
  logger.info({ test: testUuid, probe, tries: tries + foreign, delayMs, why: error.message }, 'trying again');
  return { next: 'later', delayMs };
}

/**
 * Tells the circuit of a request without an answer, and obeys a server that asks for a pause. An answer that is not
 * the API's opens nothing, but does not end an outage either.
 * @returns for how long the job is to be delayed because of an outage, ms: behind the next request that probes, so that
 * it is about another test; 0 when the failure counts as a try of its step
 */
export async function noteFailure(
  { pace, secrets, logger }: ActivationContext,
  { testUuid, openTests, permit }: Step,
  error: TransientError | ForeignAnswerError,
): Promise<number> {
  const probing = permit.trouble === 'probing';
  if (error instanceof ForeignAnswerError) {
    const waitMs = probing ? await pace.circuit.stillOpen() : 0;
    return waitMs > 0 ? waitMs + behindTheProbe : 0;
  }
  const askedMs = error.retryAfterMs ?? 0;
  if (askedMs > 0) await pace.rest(askedMs, 'unavailable');
  const why = secrets.clean(error.message);
  const { startedAt } = permit;
  const { kind, waitMs } = await pace.circuit.failed({ testUuid, startedAt, openTests, probing, askedMs, why });
  if (kind === 'opened')
    logger.warn({ why }, 'the Results API does not answer: one request now and then, all else waits');
  return kind === 'counts' ? 0 : waitMs + behindTheProbe;
}

/**
 * How long to wait before a step is tried again: a second, doubling up to a minute, of which a random half
 * is taken off so that tests which failed together don't come back together.
 * @param tries how often the step has failed, from 1
 * @param random a number from 0 to 1
 * @returns whole milliseconds
 */
export function backOff(tries: number, random: number): number {
  const whole = Math.min(firstBackOff * 2 ** (tries - 1), longestBackOff);
  return Math.round(whole * (1 - random / 2));
}

async function record(
  { checkpoint, counts, logger, secrets }: ActivationContext,
  { testUuid, tries }: Step,
  error: ApiError,
  type: ErrorType,
): Promise<Activation> {
  const body = secrets.cleanValue(error.body ?? null);
  const message = secrets.clean(error.message);
  await checkpoint.fail(testUuid, {
    status: error.status,
    status_code: error.status,
    type,
    error: message,
    body,
    attempts: tries.tries + tries.foreign + 1,
  });
  counts.errorRecorded(type);
  logger.warn({ test: testUuid, type, status: error.status }, message);
  return { next: 'finish' };
}
