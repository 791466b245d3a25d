/** The file of `--out` could not be written; what stood there before is as it was. Processes end with 1. */
export class ExportFileError extends Error {
  override readonly name = 'ExportFileError';

  constructor(path: string, cause: unknown) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    super(`${path} could not be written (${why}): choose another --out, or free some space.`, { cause });
  }
}
