import width from 'string-width';

/**
 * Lines for a terminal, broken between words where they are too long. What follows begins below the text of the line, behind
 * its mark and its label: `[WARN] Redis        …`; of a line of the log, four columns to the right.
 */
export function wrapped(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => wrappedLine(line, columns))
    .join('\n');
}

function wrappedLine(line: string, columns: number): string {
  if (width(line) <= columns) return line;
  const [head = ''] = /^\s*(\[[A-Z]+\] |- )?(\S+( \S+)*\s{2,})?/.exec(line) ?? [];
  const isLog = /^\[\d\d:\d\d:\d\d\] /.test(line);
  const hang = isLog || head.length > columns / 3 ? 4 : head.length + (/^\s+$/.test(head) ? 2 : 0);
  const indent = ' '.repeat(hang);
  const [first = '', ...words] = line.slice(head.length).split(' ');
  const lines = [head + first];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (width(longer) <= columns) lines.splice(-1, 1, longer);
    else lines.push(indent + word);
  }
  return lines.join('\n');
}

/** A stream that may be a terminal. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** A text for people as it is written to this stream: wrapped on a terminal, else as it is. */
export function fitted(text: string, { isTTY, columns }: Omit<Output, 'write'>): string {
  return isTTY === true ? wrapped(text, columns || 80) : text;
}

/** Writes a text for people, {@link fitted}; to stdout unless said otherwise. */
export function print(text: string, output: Output = process.stdout): void {
  output.write(fitted(text, output));
}
