interface BoardErrorFacts {
  /** HTTP status; null when no answer came at all. */
  readonly status: number | null;
  /** UUIDs of known tests that begin like the one asked for. */
  readonly near?: readonly string[];
}

/** The board could not answer, or refused to; the message is for people. */
export class BoardError extends Error {
  override readonly name = 'BoardError';
  readonly status: number | null;
  readonly near: readonly string[];

  constructor(message: string, { status, near = [] }: BoardErrorFacts) {
    super(message);
    this.status = status;
    this.near = near;
  }

  /** Whether the same question may be answered a little later. */
  get passes(): boolean {
    return this.status === null || this.status === 503;
  }
}
