export { createLogger, type Logger, type LoggerOptions } from './create-logger.ts';
export { SecretRegistry } from './secret-registry.ts';
