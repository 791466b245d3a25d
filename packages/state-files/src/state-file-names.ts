/** Names of the three state files below `STATE_DIR`, as the tutorial has them, in the order in which they are replaced. */
export const stateFileNames = {
  utz: 'utz_tests.json',
  classic: 'classicut_tests.json',
  errors: 'errors.json',
} as const;

export type StateFileName = (typeof stateFileNames)[keyof typeof stateFileNames];

/** The same names as a list. */
export const allStateFileNames: readonly StateFileName[] = Object.values(stateFileNames);
