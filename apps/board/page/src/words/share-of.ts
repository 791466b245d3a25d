/** A share in percent: never `0 %` for some, nor `100 %` for less than all. */
export function shareOf(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent < 0.1) return '< 0.1 %';
  if (percent >= 10 && part < whole) return `${Math.min(Math.round(percent), 99)} %`;
  return `${Math.round(percent * 10) / 10} %`;
}
