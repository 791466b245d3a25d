/** Where an unusable file is kept: `NAME.corrupt-YYYYMMDDTHHMMSSZ`, in UTC. */
export function corruptFileName(name: string, at: Date): string {
  return `${name}.corrupt-${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}
