/** What the progress shows at one moment. */
export interface ProgressState {
  readonly done: number;
  readonly total: number;
  /** For example `about 214 requests, 21 min, until 14:32`. */
  readonly note: string;
}

/** Where the progress of a run is shown. */
export interface ProgressDisplay {
  /** One finished test. */
  line(text: string): void;
  /** Something that has to be seen whatever the display. */
  say(text: string): void;
  update(state: ProgressState): void;
  end(): void;
}
