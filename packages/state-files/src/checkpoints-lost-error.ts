/**
 * The checkpoints are not in use, or were emptied while the state files were being written. The files stay as
 * they were; the checkpoints have to be brought into use first (`import.ensureInUse`).
 */
export class CheckpointsLostError extends Error {
  override readonly name = 'CheckpointsLostError';

  constructor() {
    super('Redis holds no checkpoints (any more), so the state files were left as they are. Start again.');
  }
}
