/** One of the four Results API questions that can be asked about a test. */
export type ProbeName = 'sessions' | 'video' | 'qx' | 'transcript';

/**
 * One answer that counts. `present` is a 200, `absent` a 404; everything else is an error to retry or record, never
 * evidence.
 */
export interface Answer {
  readonly outcome: 'present' | 'absent';
  /** When it was received, epoch ms. */
  readonly at: number;
  /**
   * Only for `sessions`: the first session's id, which the media probes need; null when there are no sessions,
   * {@link droppedSession} when there was one whose id is not kept any more.
   */
  readonly sessionId?: string | null;
  /** Only for `sessions`: when that session finished, epoch ms; missing or null when the API does not say. */
  readonly finishedAt?: number | null;
}

/** Stands for the id of a session, in messages and where a final verdict needs the id no more. */
export const droppedSession = '{session}';

/** All that the probes have said about one test so far. A probe that is missing has not been answered. */
export type Evidence = { readonly [Probe in ProbeName]?: Answer };

/** Answers about a test that are older than this are requested again, ms: its sessions may have changed. */
export const evidenceLife = 24 * 3_600_000;

/** Whether answers are too old for a verdict. @param now epoch ms of Redis' clock */
export function isStale(evidence: Evidence, now: number): boolean {
  return Object.values(evidence).some(({ at }) => at < now - evidenceLife);
}
