/** Which files stand in `STATE_DIR` just now. */
export interface FileMarks {
  readonly missing: boolean;
  /** Differs after any file was replaced, removed or changed, by whomever. */
  readonly identity: string;
}
/** Looks at the three state files without reading them. */
export declare function fileMarks(stateDir: string): Promise<FileMarks>;
