/** A number of digits and at most one point; null for anything else, such as signs, exponents, or too many digits. */
export function plainNumber(text: string | null): number | null {
  if (text === null || !/^\d+(\.\d+)?$/.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}
