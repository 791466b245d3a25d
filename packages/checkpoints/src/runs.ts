import { CheckpointPart } from './keys.ts';
import { parsed, type RunRecord, runRecord } from './records.ts';
import { Script } from './script.ts';

const script = new Script('runs');

/** The start of a run, or of another process that joins one. */
export interface StartedRun {
  readonly id: string;
  /** Redis time at which this process joined, epoch ms. Tests with errors older than this are probed again. */
  readonly joinedAt: number;
  /** True when an unfinished run of the same selection continues. */
  readonly resumed: boolean;
}

/** The runs: each is a selection of workspaces, and counts the outcomes of its tests. */
export class Runs extends CheckpointPart {
  /**
   * Continues the unfinished run of this selection, or starts one. Where tests have ended in errors, interrupted
   * listings start again, so that these tests are probed again.
   * @param selection the chosen workspaces, or another name under which the run is found again
   */
  async start(selection: string): Promise<StartedRun> {
    const answer = await script.run(this.keyspace, 'start', { selection });
    const [id, joinedAt, resumed] = answer as [string, string, number];
    return { id, joinedAt: Number(joinedAt), resumed: resumed === 1 };
  }

  /** Notes that the whole selection has been listed. */
  async markListed(id: string): Promise<void> {
    await script.run(this.keyspace, 'markListed', { run: id });
  }

  /** Notes the end of a run that has no open test any more; the next start of its selection is a new run. */
  async finish(id: string): Promise<void> {
    await script.run(this.keyspace, 'markListed', { run: id, finish: true });
  }

  /**
   * Notes whether the state files passed their checks after the end of a run; that finishes it.
   * @returns false when the run has not ended, or it was noted before
   */
  async noteVerified(id: string, passed: boolean): Promise<boolean> {
    return (await script.run(this.keyspace, 'noteVerified', { run: id, passed })) === 1;
  }

  /** The run's record, or null when it is not known (any more). */
  async read(id: string): Promise<RunRecord | null> {
    return parsed(runRecord, await this.client.hget(this.keys.runs, id));
  }

  /** All runs that are kept, the latest last. */
  async list(): Promise<RunRecord[]> {
    const texts = await this.client.hvals(this.keys.runs);
    const records = texts.map((text) => runRecord.parse(JSON.parse(text)));
    return records.sort((a, b) => a.startedAt - b.startedAt);
  }
}
