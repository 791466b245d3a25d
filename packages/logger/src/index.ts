export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { displayPath, messageOf, printable, printableLines } from './printable.ts';
export { SecretRegistry } from './secrets.ts';
