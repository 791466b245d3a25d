import { checkManifest, type ManifestCheck } from '../manifest/check-manifest.ts';
import { checkStateFiles, type StateChecks } from './check-state-files.ts';

export interface Verification extends StateChecks {
  /** True unless a line says FAIL; errors that were recorded are a WARN. */
  readonly passed: boolean;
  /** What to print, in the tutorial's words. */
  readonly lines: readonly string[];
}

/** Reads the state files back from the disk and checks them. Never throws: what cannot be read is a FAIL. */
export async function verifyStateFiles(stateDir: string): Promise<Verification> {
  const checks = await checkStateFiles(stateDir);
  const lines = [...linesOf(checks), ...manifestLines(await checkManifest(stateDir))];
  return { ...checks, passed: !lines.some((line) => line.startsWith('  [FAIL]')), lines };
}

/** Never a FAIL: a crash between the files and the manifest is nothing that the next write would not put right. */
function manifestLines(check: ManifestCheck): string[] {
  if (check.kind === 'silent') return [];
  if (check.kind === 'fits') return [`  [INFO] manifest.json fits the files: written ${check.manifest.written_at}`];
  return [
    `  [WARN] manifest.json was not written for this ${check.files.join(', ')}: a write goes on or was cut off, or a ` +
      'file was changed; npm run exporter -- --once writes all of them',
  ];
}

function linesOf({
  missing,
  unusable,
  invalidSchema,
  invalidTestType,
  classified,
  utzTotal,
  errorCount,
}: StateChecks): string[] {
  const unclassified = Math.max(utzTotal - classified, 0);
  return [
    'Verification checks:',
    missing.length === 0
      ? '  [PASS] Output files exist'
      : `  [FAIL] Output files exist: ${missing.join(', ')} missing; npm run exporter -- --once writes them`,
    ...(unusable.length === 0
      ? ['  [PASS] Output files are valid JSON']
      : unusable.map((what) => `  [FAIL] JSON parse/type validation error: ${what}`)),
    invalidSchema + invalidTestType === 0
      ? '  [PASS] UTZ records include expected fields and valid test_type values'
      : `  [FAIL] UTZ schema/type issues: invalid_schema=${invalidSchema}, invalid_test_type=${invalidTestType}`,
    `  [INFO] Classification coverage: classified=${classified}, unclassified=${unclassified}, utz_total=${utzTotal}`,
    ...(unclassified > 0
      ? ['  [INFO] Some UTZ tests may be unclassified (for example, tests with no sessions yet).']
      : []),
    errorCount === 0
      ? '  [PASS] No processing errors recorded'
      : `  [WARN] errors.json contains ${errorCount} record(s) (partial success; review recommended)`,
  ];
}
