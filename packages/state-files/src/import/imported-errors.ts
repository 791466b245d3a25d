import { errorTypes, type Failure } from '@inventory/checkpoints';
import { z } from 'zod';
import { importedBody } from './imported-body.ts';
import { wellFormed } from './well-formed.ts';

const status = z.int().optional().catch(undefined);

/** What this program and the tutorial's script write; each field may be missing or something else. */
const entry = z.object({
  status,
  status_code: status,
  type: z.enum(errorTypes).catch('unclassified_error'),
  error: z.string().optional().catch(undefined),
  body: z.unknown().optional(),
  attempts: z.int().min(1).catch(1),
});

/** The entries of `errors.json`. */
export interface ImportedErrors {
  readonly entries: readonly { readonly key: string; readonly error: Failure }[];
  /** Entries that are not an object, or have no key. */
  readonly skipped: number;
}

/** The errors of an `errors.json` of this program or of the tutorial's script. */
export function importedErrors(values: readonly (readonly [key: string, value: unknown])[]): ImportedErrors {
  const entries = values.flatMap(([key, value]) => {
    const parsed = entry.safeParse(value);
    return key !== '' && parsed.success ? [{ key: wellFormed(key), error: failure(parsed.data) }] : [];
  });
  return { entries, skipped: values.length - entries.length };
}

function failure({ status, status_code, type, error, body, attempts }: z.output<typeof entry>): Failure {
  const code = status ?? status_code ?? null;
  const said = error ?? (code === null ? type : `the API answered ${code}`);
  return {
    status: code,
    status_code: code,
    type,
    error: wellFormed(said.slice(0, 2000)),
    body: importedBody(body),
    attempts,
  };
}
