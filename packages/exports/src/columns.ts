import { type ExportRow, exportRowSchema } from './row.ts';

/** A column of the inventory as a table, for formats that have types. */
export interface ExportColumn {
  readonly name: keyof ExportRow;
  readonly kind: 'text' | 'time' | 'boolean';
  /** Whether it can be null. */
  readonly nullable: boolean;
}

const kinds: Partial<Record<keyof ExportRow, ExportColumn['kind']>> = {
  ordered_at: 'time',
  classified_at: 'time',
  listed: 'boolean',
};

/** The columns in their order; `test_uuid`, the key, is the first. */
export const exportColumns: readonly ExportColumn[] = exportRowSchema.keyof().options.map((name) => ({
  name,
  kind: kinds[name] ?? 'text',
  nullable: exportRowSchema.shape[name].safeParse(null).success,
}));

/** A value of a row for a database: many take no NUL in a text. */
export function withoutNul<Value>(value: Value): Value | string {
  return typeof value === 'string' ? value.replaceAll('\0', '') : value;
}
