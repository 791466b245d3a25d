import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { allStateFileNames, codeOf } from '@inventory/state-files';
/** Looks at the three state files without reading them. */
export async function fileMarks(stateDir) {
  const marks = await Promise.all(allStateFileNames.map((name) => markOf(join(stateDir, name))));
  return { missing: marks.includes('missing'), identity: marks.join(' ') };
}
async function markOf(path) {
  try {
    const { ino, mtimeNs, size } = await stat(path, { bigint: true });
    return `${ino}-${mtimeNs}-${size}`;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(codeOf(error)) ? 'missing' : codeOf(error);
  }
}
//# sourceMappingURL=file-marks.js.map
