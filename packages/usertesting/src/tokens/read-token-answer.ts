import { z } from 'zod';
import type { Problem } from '../http/parsed-by.ts';

/** What the token endpoint gave. */
export interface TokenAnswer {
  readonly accessToken: string;
  readonly lifetimeMs: number;
}

const seconds = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number),
  ])
  .pipe(z.number().positive().max(1e9));

/** Only what may stand in a header is a token. The lifetime is an hour where it isn't given, as documented. */
const answer = z.object({ access_token: z.string().regex(/^[!-~]+$/), expires_in: seconds.nullish() });

/** Reads the JSON of a 200 from the token endpoint. Never throws. */
export function readTokenAnswer(json: unknown): TokenAnswer | Problem {
  const checked = answer.safeParse(json);
  if (!checked.success) return { problem: 'the body has no usable access_token and expires_in' };
  const { access_token: accessToken, expires_in: lifetime } = checked.data;
  return { accessToken, lifetimeMs: Math.ceil((lifetime ?? 3600) * 1000) };
}
