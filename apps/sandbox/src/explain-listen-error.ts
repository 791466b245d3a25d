/** What to tell about a sandbox that could not start, without a stack. */
export function explainListenError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, port, address } = error as Error & { code?: string; port?: number; address?: string };
  const where = `port ${port} on ${address}`;
  if (code === 'EADDRINUSE')
    return `${where} is already in use. Choose another with --port, or --port 0 for a free one.`;
  if (code === 'EACCES') return `${where} needs more rights. Choose a port above 1023 with --port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `this machine has no address ${address ?? 'of that name'}; see --host.`;
  return error.message;
}
