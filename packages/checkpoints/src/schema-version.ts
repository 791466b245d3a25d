/** The version of the layout that this program reads and writes. */
export const schemaVersion = '1';
