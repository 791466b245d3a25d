import type { Evidence, ProbeName } from '@inventory/classification';
import { endpointNames } from './endpoint-names.ts';

/** What one endpoint of the Results API said about a test, and when. */
export interface KnownAnswer {
  readonly endpoint: string;
  readonly status: 200 | 404;
  /** Only for the list of sessions: whether it held one. */
  readonly has_sessions?: boolean;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

const probes = Object.keys(endpointNames) as readonly ProbeName[];

/** The answers that are known of a test, in the order in which they are asked for; never a session's id. */
export function knownAnswers(evidence: Evidence): KnownAnswer[] {
  return probes.flatMap((probe) => {
    const answer = evidence[probe];
    if (answer === undefined) return [];
    return [
      {
        endpoint: endpointNames[probe],
        status: answer.outcome === 'present' ? 200 : 404,
        ...(answer.sessionId === undefined ? {} : { has_sessions: answer.sessionId !== null }),
        at: new Date(answer.at).toISOString(),
      } satisfies KnownAnswer,
    ];
  });
}
