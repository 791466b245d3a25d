import { Histogram, type HistogramConfiguration } from 'prom-client';
import type { HistogramSample } from './measure.ts';

/** A histogram whose observations were made and sorted elsewhere; prom-client's own can only observe. */
export class CountedHistogram extends Histogram {
  readonly #empty: Histogram;
  readonly #samples: readonly HistogramSample[];

  constructor(configuration: HistogramConfiguration<string>, samples: readonly HistogramSample[]) {
    super(configuration);
    this.#empty = new Histogram({ ...configuration, registers: [] });
    this.#samples = samples;
  }

  override async get(): ReturnType<Histogram['get']> {
    const described = await this.#empty.get();
    return { ...described, values: this.#samples.flatMap((sample) => linesOf(described.name, sample)) };
  }

  /** Where a registry looks before `get`. */
  getForPromString(): ReturnType<Histogram['get']> {
    return this.get();
  }
}

function linesOf(name: string, { labels, buckets, count, sum }: HistogramSample) {
  return [
    ...buckets.map(({ le, count: upTo }) => ({
      metricName: `${name}_bucket`,
      labels: { ...labels, le },
      value: upTo,
    })),
    { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
