import { Counter, Gauge, Registry } from 'prom-client';
import { CountedHistogram } from './counted-histogram.ts';
import type { Measure } from './measure.ts';

/** A registry of its own that shows these measures. */
export function registryOf(measures: readonly Measure[]): Registry {
  const registry = new Registry();
  for (const measure of measures) addTo(registry, measure);
  return registry;
}

function addTo(registry: Registry, measure: Measure): void {
  const { name, help, kind, samples } = measure;
  const labelNames = [...new Set(samples.flatMap(({ labels = {} }) => Object.keys(labels)))];
  const description = { name, help, labelNames, registers: [registry] };
  if (kind === 'histogram') {
    new CountedHistogram(description, samples);
  } else if (kind === 'counter') {
    const counter = new Counter(description);
    for (const { labels = {}, value } of samples) counter.inc(labels, value);
  } else {
    const gauge = new Gauge(description);
    for (const { labels = {}, value } of samples) gauge.set(labels, value);
  }
}
