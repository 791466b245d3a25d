/** One value of a measure, with the labels that tell it from the others. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One value of a histogram: how many took `le` or less, for each bound, and all of them together. */
export interface HistogramSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly buckets: readonly { readonly le: number; readonly count: number }[];
  readonly count: number;
  readonly sum: number;
}

/** What one metric shows now. Names and units are Prometheus'; lengths of time are seconds, moments epoch seconds. */
export type Measure = {
  readonly name: string;
  /** One sentence for people. */
  readonly help: string;
} & (
  | { readonly kind: 'counter' | 'gauge'; readonly samples: readonly Sample[] }
  | { readonly kind: 'histogram'; readonly samples: readonly HistogramSample[] }
);
