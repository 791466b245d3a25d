import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { buildVersion } from './build-version.ts';

/** What the board itself is and uses: its version, memory, CPU time, event loop. Made once for a process. */
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
  build.set({ version: buildVersion(), node_version: process.version }, 1);
  return registry;
}
