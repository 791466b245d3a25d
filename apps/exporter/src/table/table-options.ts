import { categories } from '@inventory/classification';

export const tableFormats = ['csv', 'ndjson'] as const;
type TableFormat = (typeof tableFormats)[number];

/** What `--type` takes: a category, or the tests that have none. */
export const rowTypes = [...categories, 'undecided'] as const;
type RowType = (typeof rowTypes)[number];

/** One export of the inventory as a table. */
export interface TableOptions {
  readonly format: TableFormat;
  /** Only tests of this type. */
  readonly type?: RowType;
  /** Only tests of the workspace with this UUID. */
  readonly workspace?: string;
  /** Path of the file; `-` for stdout. */
  readonly out: string;
}
