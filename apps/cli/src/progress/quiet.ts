import type { Runtime } from '@inventory/runtime';

/**
 * The same without the log's news: where progress shows each finished test, the log need not say so again.
 * @param level the least that is still logged: `error` where the progress says pauses as well
 */
export function quiet(runtime: Runtime, level: 'warn' | 'error' = 'warn'): Runtime {
  const news = ['info', 'warn'].includes(runtime.settings.logLevel);
  return news ? { ...runtime, logger: runtime.logger.child({}, { level }) } : runtime;
}
