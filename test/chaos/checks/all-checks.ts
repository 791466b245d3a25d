import { checkCheckpoints } from './check-checkpoints.ts';
import { checkErrors, checkOnTheWay } from './check-errors.ts';
import { checkFileSights, checkFiles } from './check-files.ts';
import { checkArrivals, checkGrants, checkPauses } from './check-pace.ts';
import { checkProcesses } from './check-processes.ts';
import { checkNeeded, checkRepeats, checkSecondRun } from './check-requests.ts';
import { checkSecrets } from './check-secrets.ts';
import type { Check } from './evidence.ts';

/** What holds in every run, by the name under which a failure is shown. */
export const allChecks: Readonly<Record<string, Check>> = {
  'every test in the right file': checkFiles,
  'state files whole at every look': checkFileSights,
  'an outage fails hardly any test, a forgetful API holds the queue': checkOnTheWay,
  'errors complete, and gone after the repair': checkErrors,
  'grants an interval apart': checkGrants,
  'no grant in a pause': checkPauses,
  'no request without a grant': checkArrivals,
  'no needless request': checkNeeded,
  'repeats only of requests in flight': checkRepeats,
  'a second run asks nothing again': checkSecondRun,
  'checkpoints settled': checkCheckpoints,
  'processes end as they should': checkProcesses,
  'nothing personal leaves': checkSecrets,
};
