export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { messageOf, printable, printableLines } from './printable.ts';
export { SecretRegistry } from './secrets.ts';
