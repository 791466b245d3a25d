/** The cursor of the study at a position counted from 1: the number in base64 without padding ("Mw" is 3). */
export function cursorOf(position: number): string {
  return Buffer.from(String(position)).toString('base64').replaceAll('=', '');
}

/** The position that a cursor stands for, or undefined for a text that is no cursor. */
export function positionOf(cursor: string): number | undefined {
  const text = Buffer.from(cursor, 'base64').toString('utf8');
  return /^\d{1,9}$/.test(text) && cursorOf(Number(text)) === cursor ? Number(text) : undefined;
}
