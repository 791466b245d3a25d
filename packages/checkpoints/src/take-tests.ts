import type { CheckpointPlace } from './checkpoint-place.ts';
import type { CheckpointScript } from './checkpoint-script.ts';
import { throwRunLost } from './errors.ts';

const batch = 500;

/**
 * Has a run wait for tests that a script picks, in portions.
 * @param script takes the run's id and UUIDs, and answers with those it took
 * @param run id of the run
 * @returns the tests to enqueue
 * @throws RunLostError when Redis has forgotten the run
 */
export async function takeTests(
  script: CheckpointScript,
  { client, prefix }: CheckpointPlace,
  run: string,
  uuids: readonly string[],
): Promise<string[]> {
  const taken: string[] = [];
  for (let from = 0; from < uuids.length; from += batch) {
    const args = [run, ...uuids.slice(from, from + batch)];
    const answer = await script.run(client, prefix, args).catch(throwRunLost);
    taken.push(...(answer as string[]));
  }
  return taken;
}
