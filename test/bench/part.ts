import type { RedisAccess } from '@inventory/redis';

/** What a part of the benchmark is given. */
export interface PartOptions {
  readonly redis: RedisAccess;
  /** Where the embedded Redis of the benchmark is. */
  readonly dataDir: string;
  /** Small, for CI: only what comes out counts. */
  readonly quick: boolean;
  /** Sizes of libraries; null for those of the part itself. */
  readonly sizes: readonly number[] | null;
}

/** What a part found. */
interface Findings {
  /** Results that are not what they have to be. */
  readonly wrong: readonly string[];
  /** Targets of time or memory that were missed. */
  readonly missed: readonly string[];
}

/** A part of the benchmark; it prints its figures. */
export type Part = (options: PartOptions) => Promise<Findings>;
