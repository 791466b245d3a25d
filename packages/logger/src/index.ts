export { createLogger, type Logger, type LoggerOptions } from './create-logger.ts';
export { messageOf, printable } from './printable.ts';
export { SecretRegistry } from './secret-registry.ts';
