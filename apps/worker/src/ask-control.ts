import type { AskedControl, ControlReason, ControlResult } from '@inventory/checkpoints';
import type { Activation } from '@inventory/queue';
import { ApiError, ForeignAnswerError, type Token, TransientError } from '@inventory/usertesting';
import { afterAnswer, afterFailure, backOff, noteFailure, withoutPermit } from './after-request.ts';
import type { ActivationContext } from './context.ts';

/** In whose place a control is asked, and why. */
export interface InsteadOf extends Omit<AskedControl, 'uuid'> {
  readonly why: ControlReason;
  readonly token: Token;
  /** When BullMQ was asked for the job, epoch ms of this machine. */
  readonly grantedAt: number;
  readonly openTests: number;
}

/**
 * A control is asked again so often at least, whatever `STEP_RETRIES` says: without its answer a whole streak of verdicts
 * stays unconfirmed.
 */
const leastRetries = 3;

/** How much longer than its time-out a control question may take before another process asks it, ms. */
const grace = 5_000;

/**
 * Asks a control in the place of a test: whether the Results API still knows a test that it should know. One request.
 * A 200 confirms the streak of ClassicUT verdicts and ends a hold; see {@link ControlResult} for what else may follow.
 * @returns what happens to the test's job; null when there is no control to ask, or no time for it in an outage
 */
export async function askControl(context: ActivationContext, instead: InsteadOf): Promise<Activation | null> {
  const { controls, pace, results, tokens, requestTimeoutMs: timeoutMs } = context;
  const { asker, why, token, openTests } = instead;
  const question = await controls.next({ asker, why, leaseMs: timeoutMs + grace });
  if (question.kind === 'none') return null;
  if (question.kind === 'asked') return { next: 'again' };
  const asks = why === 'streak' ? 'streak' : 'control';
  const permit = await pace.permit(Date.now() - instead.grantedAt, { asks, timeoutMs });
  if (!permit.go) {
    await controls.leave();
    return permit.why === 'outage' ? null : withoutPermit(context, permit.why);
  }
  const control = { uuid: question.uuid, asker };
  try {
    const target = { testUuid: question.spelling ?? question.uuid, sessionId: null };
    const answer = await results.ask('sessions', target, token.accessToken);
    await tokens.accepted(token);
    await afterAnswer(context, permit, answer);
    if (answer.outcome === 'absent') return await follow(context, control, await controls.unknown(control));
    await known(context, control, permit.startedAt);
    return { next: 'again' };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const step = { testUuid: asker, probe: 'sessions', tries: { tries: 0, foreign: 0 } } as const;
    const failed = { ...step, openTests, token, permit };
    if (error instanceof ForeignAnswerError || error instanceof TransientError) {
      const waitMs = await noteFailure(context, { ...failed, testUuid: control.uuid }, error);
      if (why === 'streak') return tryAgain(context, control, { error, waitMs });
      return { next: 'later', delayMs: waitMs > 0 ? waitMs : backOff(1, Math.random()) };
    }
    if (error.status === 401 || error.status === 429) return afterFailure(context, failed, error);
    return follow(context, control, await controls.unusable(control));
  }
}

/**
 * Makes sure that the circuit is open while the queue is held: a process may have died before it opened it, or Redis may
 * have lost it.
 * @param knownAt when the API last knew its tests, epoch ms
 * @returns false when it had to be opened: then no request is sent before its wait is over
 */
export async function ensureHeld({ pace, logger }: ActivationContext, knownAt: number): Promise<boolean> {
  const why = `the Results API answers 404 for tests that it knew at ${new Date(knownAt).toISOString()}`;
  if (!(await pace.circuit.hold(why))) return true;
  logger.error(`${why}: no test is probed until it knows one of them again`);
  return false;
}

async function known(
  { controls, pace, logger }: ActivationContext,
  control: AskedControl,
  askedAt: number,
): Promise<void> {
  await controls.known(control, askedAt);
  if ((await pace.circuit.close('controls')) === null) return;
  logger.warn({ test: control.uuid }, 'the Results API knows its tests again');
}

/** A streak's control that gets no answer is asked again, and given up for this round when its tries have run out. */
async function tryAgain(
  context: ActivationContext,
  control: AskedControl,
  { error, waitMs }: { readonly error: ApiError; readonly waitMs: number },
): Promise<Activation> {
  const tries = await context.controls.failed(control.uuid);
  const most = error instanceof ForeignAnswerError ? 1 : Math.max(context.stepRetries, leastRetries);
  if (tries > most) return follow(context, control, await context.controls.unusable(control));
  return { next: 'later', delayMs: waitMs > 0 ? waitMs : backOff(tries, Math.random()) };
}

async function follow(
  context: ActivationContext,
  control: AskedControl,
  { kind, knownAt, uuids }: ControlResult,
): Promise<Activation> {
  const { pace, logger, enqueue } = context;
  if (kind === 'another') {
    logger.warn(
      { test: control.uuid },
      'the Results API does not know a test that it should know: asking about another',
    );
  }
  if (kind === 'held') await pace.circuit.stillOpen();
  if (kind === 'hold') {
    await ensureHeld(context, knownAt);
    await enqueue(uuids);
    logger.warn({ takenBack: uuids.length }, 'the verdicts since then were taken back');
  }
  if (kind === 'doubt') {
    const message =
      'the Results API answers 404 for every test, also for one that it should know: verdicts are unconfirmed';
    logger.warn({ unconfirmed: uuids.length }, message);
  }
  return { next: 'again' };
}
