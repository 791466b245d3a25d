import type { AskedControl, ControlJudgement } from '@inventory/checkpoints';
import type { Activation } from '@inventory/queue';
import { ApiError, ForeignAnswerError, type Token, TransientError } from '@inventory/usertesting';
import type { ActivationContext } from './activation-context.ts';
import { heard } from './after-answer.ts';
import { afterFailure, noteFailure } from './after-failure.ts';
import { backOff } from './back-off.ts';

/** In whose place a control is asked. */
export interface InsteadOf extends Omit<AskedControl, 'uuid'> {
  readonly token: Token;
  /** When BullMQ was asked for the job, epoch ms of this machine. */
  readonly grantedAt: number;
  readonly openTests: number;
}

/** How much longer than its time-out a question to a control may take before somebody else asks, ms. */
const grace = 5_000;

/**
 * Asks a control in the place of a test: whether the Results API still knows a test that it should know. One request.
 * A 200 confirms the streak of ClassicUT verdicts; see {@link ControlJudgement} for what else may follow.
 * @returns what becomes of the test's job; null when there is no control to ask
 */
export async function askControl(context: ActivationContext, instead: InsteadOf): Promise<Activation | null> {
  const { controls, pace, results, tokens, logger, requestTimeoutMs: timeoutMs } = context;
  const { asker, held, token } = instead;
  const question = await controls.next({ asker, held, leaseMs: timeoutMs + grace });
  if (question.kind === 'asked') return { next: 'again' };
  if (question.kind === 'none') {
    if (held) await pace.circuit.close('controls');
    return null;
  }
  const permit = await pace.permit(Date.now() - instead.grantedAt, { control: true, timeoutMs });
  if (!permit.go) {
    if (permit.why === 'unlimited') await pace.assertLimit();
    return { next: 'again' };
  }
  const control = { uuid: question.uuid, asker, held };
  try {
    const answer = await results.ask('sessions', { testUuid: control.uuid, sessionId: null }, token.accessToken);
    await tokens.accepted(token);
    await heard(context, permit, answer);
    if (answer.outcome === 'absent') return await follow(context, control, await controls.unknown(control));
    await controls.known(control.uuid);
    const since = await pace.circuit.close('controls');
    if (since !== null) logger.warn({ test: control.uuid }, 'the Results API knows its tests again');
    return { next: 'again' };
  } catch (error) {
    const step = { testUuid: asker, probe: 'sessions', sessionId: null, tries: { tries: 0, foreign: 0 } } as const;
    if (!(error instanceof ApiError)) throw error;
    if (error instanceof ForeignAnswerError || error instanceof TransientError) {
      const failure = { ...step, openTests: instead.openTests, token, permit };
      return tryAgain(context, control, await noteFailure(context, { ...failure, testUuid: control.uuid }, error));
    }
    if (error.status === 401 || error.status === 429) {
      return afterFailure(context, { ...step, openTests: instead.openTests, token, permit }, error);
    }
    return follow(context, control, await controls.unusable(control));
  }
}

/** A control that gets no answer is asked again, and given up for this round when its tries have run out. */
async function tryAgain(context: ActivationContext, control: AskedControl, waitMs: number): Promise<Activation> {
  const { controls, stepRetries } = context;
  const tries = await controls.failed(control.uuid);
  if (waitMs > 0) return { next: 'later', delayMs: waitMs };
  if (tries > stepRetries) return follow(context, control, await controls.unusable(control));
  return { next: 'later', delayMs: backOff(tries, Math.random()) };
}

async function follow(
  { pace, logger, enqueue }: ActivationContext,
  control: AskedControl,
  { kind, knownAt, uuids }: ControlJudgement,
): Promise<Activation> {
  if (kind === 'another') {
    logger.warn(
      { test: control.uuid },
      'the Results API does not know a test that it should know: asking about another',
    );
  }
  if (kind === 'held') await pace.circuit.stillOpen();
  if (kind === 'hold') {
    const why = `the Results API answers 404 for tests that it knew at ${new Date(knownAt).toISOString()}`;
    await pace.circuit.hold(why);
    await enqueue(uuids);
    logger.error({ takenBack: uuids.length }, `${why}: nobody goes on until it knows one of them again`);
  }
  if (kind === 'doubt') {
    const message =
      'the Results API answers 404 for every test, also where it should know one: verdicts are unconfirmed';
    logger.warn({ unconfirmed: uuids.length }, message);
  }
  return { next: 'again' };
}
