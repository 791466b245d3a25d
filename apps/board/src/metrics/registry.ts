import { readFileSync } from 'node:fs';
import { Counter, collectDefaultMetrics, Gauge, Histogram, type HistogramConfiguration, Registry } from 'prom-client';
import { z } from 'zod';

type Labels = Readonly<Record<string, string>>;

/** One value of a measure, with the labels that tell it from the others. */
export interface Sample {
  readonly labels?: Labels;
  readonly value: number;
}

/** One value of a histogram: how many took `le` or less, for each bound, and all of them together. */
interface HistogramSample {
  readonly labels: Labels;
  readonly buckets: readonly { readonly le: number; readonly count: number }[];
  readonly count: number;
  readonly sum: number;
}

/** What one metric shows now. Names and units are Prometheus': durations in seconds, moments in epoch seconds. */
export type Measure = {
  readonly name: string;
  /** One sentence for people. */
  readonly help: string;
} & (
  | { readonly kind: 'counter' | 'gauge'; readonly samples: readonly Sample[] }
  | { readonly kind: 'histogram'; readonly samples: readonly HistogramSample[] }
);

/** A gauge with one value, or with one per label. */
export function gauge(name: string, help: string, value: number | readonly Sample[]): Measure {
  return { name, help, kind: 'gauge', samples: samplesOf(value) };
}

/** A counter with one value, or with one per label. */
export function counter(name: string, help: string, value: number | readonly Sample[]): Measure {
  return { name, help, kind: 'counter', samples: samplesOf(value) };
}

function samplesOf(value: number | readonly Sample[]): readonly Sample[] {
  return typeof value === 'number' ? [{ value }] : value;
}

/** A moment as a gauge. @param at epoch ms, or null or undefined for never, which is 0 */
export function moment(name: string, help: string, at: number | null | undefined): Measure {
  return gauge(name, help, (at ?? 0) / 1000);
}

/** A new registry that shows these measures. */
export function registryOf(measures: readonly Measure[]): Registry {
  const registry = new Registry();
  for (const measure of measures) addTo(registry, measure);
  return registry;
}

function addTo(registry: Registry, { name, help, kind, samples }: Measure): void {
  const labelNames = [...new Set(samples.flatMap(({ labels = {} }) => Object.keys(labels)))];
  const description = { name, help, labelNames, registers: [registry] };
  if (kind === 'histogram') {
    new CountedHistogram(description, samples);
  } else if (kind === 'counter') {
    const metric = new Counter(description);
    for (const { labels = {}, value } of samples) metric.inc(labels, value);
  } else {
    const metric = new Gauge(description);
    for (const { labels = {}, value } of samples) metric.set(labels, value);
  }
}

/** A histogram whose observations were counted elsewhere; prom-client's own can only observe. */
class CountedHistogram extends Histogram {
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
  const bucket = (le: number | string, value: number) => ({
    metricName: `${name}_bucket`,
    labels: { ...labels, le },
    value,
  });
  return [
    ...buckets.map(({ le, count: upTo }) => bucket(le, upTo)),
    bucket('+Inf', count),
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

/** What the board itself is and uses: its version, memory, CPU time, event loop. Made once per process. */
export function processRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // These three are gauges, but named as counters are.
  for (const what of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`nodejs_active_${what}_total`);
  const build = new Gauge({
    name: 'inventory_build_info',
    help: 'Version of this program and of the Node.js that it runs on; always 1.',
    labelNames: ['version', 'node_version'],
    registers: [registry],
  });
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const { version } = z.object({ version: z.string() }).parse(manifest);
  build.set({ version, node_version: process.version }, 1);
  return registry;
}
