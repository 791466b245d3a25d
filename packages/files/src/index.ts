export { codeOf, ReplacementFile, replaceFile, syncFolder } from './replacement-file.ts';
export { removeLeftBehind } from './temporary-names.ts';
