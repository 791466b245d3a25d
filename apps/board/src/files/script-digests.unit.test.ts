import { expect, test } from 'vitest';
import { scriptDigests } from './script-digests.ts';

test('the digest of each script in the markup, exactly as it stands, and of no other', () => {
  const markup = '<script type="importmap">{}</script><script src="/a.js"></script>\n<script>\n1\n</script>';
  expect(scriptDigests(markup)).toEqual([
    "'sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o='",
    "'sha256-PBL+VNcqg2ezLpeQ7yj8J15XmnKAnnIb2qth9B/WTJ4='",
  ]);
});
