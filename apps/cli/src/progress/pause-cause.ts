const causes: Readonly<Record<string, string>> = {
  refused: 'limited by the API (429)',
  'rate used up': 'somebody else is using up the rate of this account',
  'no token': 'no access token available',
  unavailable: 'the API asks to be left alone (503)',
};

/** Why everything pauses, for people. @param cause as the pace names it */
export function pauseCause(cause: string): string {
  return causes[cause] ?? cause;
}
