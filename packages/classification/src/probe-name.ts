/** One of the four Results API questions that can be asked about a test. */
export type ProbeName = 'sessions' | 'video' | 'qx' | 'transcript';

/**
 * What a probe said. `present` is a 200, `absent` a 404. Everything else says `nothing`: it is an error to
 * retry or record, never evidence.
 */
export type ProbeOutcome = 'present' | 'absent' | 'nothing';
