/** A name for CLIENT LIST from its parts; what Redis does not accept in a name (spaces, letters beyond ASCII) becomes `-`. */
export function connectionName(...parts: readonly (string | number)[]): string {
  return ['inventory', ...parts].join(':').replace(/[^!-~]/g, '-');
}
