/** Host and path of a URL for messages: no query, no user name, no password. */
export function whereOf(url: string): string {
  if (!URL.canParse(url)) return 'an address that is no URL';
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
