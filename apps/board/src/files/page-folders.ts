import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the files of the page are, by the path below which they are served. */
export interface PageFolders {
  /** The markup of the page. */
  readonly index: string;
  readonly folders: ReadonlyMap<string, string>;
}

/** Finds them; all relative to this file, from the sources and from what is compiled alike. */
export function pageFolders(): PageFolders {
  const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const page = folder('../../page/');
  const preact = packageFolder('preact', import.meta.url);
  const charts = packageFolder('chart.js', import.meta.url);
  return {
    index: join(page, 'index.html'),
    folders: new Map([
      ['/assets/page', folder('../../dist/page/')],
      ['/assets/styles', join(page, 'styles')],
      ['/assets/vendor/preact', preact],
      ['/assets/vendor/chart.js', charts],
      ['/assets/vendor/@kurkle/color', packageFolder('@kurkle/color', join(charts, 'package.json'))],
    ]),
  };
}

/** The folder of an installed package. @param from the file that needs it */
function packageFolder(name: string, from: string): string {
  const folder = join('node_modules', name);
  const entry = createRequire(from).resolve(name);
  return entry.slice(0, entry.lastIndexOf(folder) + folder.length);
}
