export { commandLine, isInstalled, programName } from './command-line.ts';
export { createLogger, type Logger, type LogSink } from './logger.ts';
export { displayPath, messageOf, printable, printableJson, printableLines } from './printable.ts';
export { SecretRegistry } from './secrets.ts';
export { fitted, print } from './wrapped.ts';
