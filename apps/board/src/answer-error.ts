import type { Logger } from '@inventory/logger';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { problem } from './api/problem.ts';
import { RedisAwayError } from './health/within-time.ts';

/** Answers for what went wrong: nothing of the inside is told, it is logged. */
export function answerError(error: Error, context: Context, logger: Logger): Response {
  if (error instanceof RedisAwayError) {
    return problem(
      context,
      503,
      'Redis does not answer. What was read before is still served; the rest follows by itself.',
    );
  }
  if (error instanceof HTTPException && error.status === 401) {
    const challenge = error.getResponse().headers.get('www-authenticate');
    if (challenge !== null) context.header('www-authenticate', challenge);
    return problem(context, 401, 'User and password are needed: BOARD_USER and BOARD_PASSWORD of the board.');
  }
  logger.error({ err: error, path: context.req.path }, 'a request could not be answered');
  return problem(context, 500, 'Something went wrong here. The log of the board says what.');
}
