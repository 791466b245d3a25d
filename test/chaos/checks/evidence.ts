import type { LoggedRequest } from '@inventory/sandbox';
import type { Plan } from '../plan/plan.ts';
import type { Ending } from '../play/bring-to-end.ts';
import type { Stage } from '../play/stage.ts';
import type { FileSights } from '../watch/watch-files.ts';
import type { RedisSights } from '../watch/watch-redis.ts';
import type { StateFiles } from '../world/world.ts';

/** All that a run left behind, for the checks. */
export interface Evidence {
  readonly stage: Stage;
  readonly ending: Ending;
  /** Results requests in the order of their arrival. */
  readonly requests: readonly LoggedRequest[];
  /** What has to be added to the server's times to get epoch ms. */
  readonly clockOffsetMs: number;
  readonly redis: RedisSights;
  readonly fileSights: FileSights;
  /** The state files in the end; null when they cannot be read. */
  readonly files: StateFiles | null;
  /** Everything in Redis in the end, by key. */
  readonly contents: Readonly<Record<string, unknown>>;
}

/** Looks at one rule. @returns what breaks it, a sentence each */
export type Check = (evidence: Evidence) => readonly string[] | Promise<readonly string[]>;

/** Whether verdicts may be taken back: cut off Redis' file, or as those of an API that knows nobody any more. */
export function takesBack({ events }: Plan): boolean {
  return events.some(({ act }) => act.kind === 'aof' || act.kind === 'forgetful');
}
