import { faultBoard } from '../faults/fault-board.ts';
import { createLibrary } from '../library/create-library.ts';
import type { Library } from '../library/library.ts';
import { seededRandom } from '../library/seeded-random.ts';
import { slidingWindow } from '../limiter/sliding-window.ts';
import { requestLog } from '../requests/request-log.ts';
import { limiterSettings, type SandboxOptions } from '../sandbox-options.ts';
import { tokenDesk } from '../tokens/token-desk.ts';
import type { SandboxState } from './sandbox-state.ts';

/** What a sandbox knows at its start. Throws a ZodError for a fault of the wrong form. */
export function createState(options: SandboxOptions): SandboxState {
  const clock = () => performance.timeOrigin + performance.now();
  const random = seededRandom(options.seed ?? 1);
  const faults = faultBoard(clock, random);
  for (const fault of options.faults ?? []) faults.add(fault);
  return {
    library: libraryOf(options),
    client: {
      clientId: options.clientId ?? 'sandbox-client',
      clientSecret: options.clientSecret ?? 'sandbox-secret',
      scope: options.scope ?? 'studies:read',
    },
    tokens: tokenDesk(clock),
    limiter: slidingWindow(limiterSettings(options), clock),
    faults,
    log: requestLog(),
    random,
    clock,
    style: {
      metadata: options.metadata ?? false,
      listing: options.listing ?? 'object',
      sessions: options.sessions ?? 'tutorial',
    },
    latency: options.latency ?? 0,
    tokenLifeSeconds: options.tokenLifeSeconds ?? 3600,
    clockSkewMs: options.clockSkewMs ?? 0,
  };
}

function libraryOf({ library = {}, metadata }: SandboxOptions): Library {
  if ('listing' in library) return library;
  return createLibrary(Array.isArray(library.tests) ? library : { metadata, ...library });
}
