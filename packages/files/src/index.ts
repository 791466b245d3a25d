export { codeOf, ReplacementFile, removeLeftBehind, replaceFile, syncFolder } from './replacement-file.ts';
