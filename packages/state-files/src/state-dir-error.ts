/** What is wrong with `STATE_DIR`. `foreign`: its files belong to another account, a wrong setting. */
export type StateDirTrouble = 'full' | 'forbidden' | 'in the way' | 'foreign' | 'other';

/**
 * The state files cannot be read or written. The old files are as they were, and nothing is lost in Redis.
 * Processes go on working and end with 1; with 2 when the trouble is `foreign`. The message is for users.
 */
export class StateDirError extends Error {
  override readonly name = 'StateDirError';
  readonly trouble: StateDirTrouble;
  /** Files of another account are a wrong setting; a full disk is not. */
  readonly exitCode: 1 | 2;

  constructor(trouble: StateDirTrouble, message: string, options?: ErrorOptions) {
    super(message, options);
    this.trouble = trouble;
    this.exitCode = trouble === 'foreign' ? 2 : 1;
  }
}
