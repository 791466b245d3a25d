import { describe, expect, it } from 'vitest';
import { proxyFor } from './proxy-for.ts';

type Environment = Readonly<Record<string, string>>;
const proxy = (url: string, env: Environment) => proxyFor(url, (name) => env[name]);

describe('the proxy for a URL', () => {
  it.each<[string, Environment, string]>([
    ['https://api.test', { HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:2' }, 'HTTPS_PROXY'],
    ['http://api.test', { HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:2' }, 'HTTP_PROXY'],
    ['https://api.test', { HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' }, 'https_proxy'],
    ['https://api.test', { https_proxy: ' ', HTTPS_PROXY: 'http://a:1' }, 'HTTPS_PROXY'],
    ['https://api.test', { ALL_PROXY: 'http://a:1' }, 'ALL_PROXY'],
    ['https://api.test', { all_proxy: 'http://a:1', HTTPS_PROXY: 'http://b:2' }, 'HTTPS_PROXY'],
  ])('%s with %j is that of %s', (url, env, variable) => {
    expect(proxy(url, env)).toMatchObject({ variable });
  });

  it.each<[string, Environment]>([
    ['https://api.test', {}],
    ['https://api.test', { HTTP_PROXY: 'http://a:1' }],
    ['https://api.test', { HTTPS_PROXY: 'http://a:1', NO_PROXY: 'api.test' }],
    ['https://api.test', { HTTPS_PROXY: 'http://a:1', no_proxy: '*' }],
    ['http://127.0.0.1:3000', { HTTP_PROXY: 'http://a:1' }],
    ['https://localhost', { ALL_PROXY: 'http://a:1' }],
    ['https://localhost', { ALL_PROXY: 'socks5://a:1' }],
  ])('%s with %j is none', (url, env) => {
    expect(proxy(url, env)).toBeNull();
  });
});

describe("a proxy's address", () => {
  const read = (address: string) => proxy('https://api.test', { HTTPS_PROXY: address });

  it.each([
    ['http://a.test:3128', { protocol: 'http:', hostname: 'a.test', port: 3128, user: '', password: '' }],
    ['http://a.test', { protocol: 'http:', port: 80 }],
    ['https://a.test/', { protocol: 'https:', port: 443 }],
    ['a.test:3128', { protocol: 'http:', hostname: 'a.test', port: 3128 }],
    ['u:p@a.test:3128', { hostname: 'a.test', user: 'u', password: 'p' }],
    ['http://[2001:db8::1]:3128', { hostname: '[2001:db8::1]', port: 3128 }],
    ['http://some%40one:p%23s%2Fs%25%3A%C3%BC@a.test:1', { user: 'some@one', password: 'p#s/s%:ü' }],
  ])('%s is understood', (address, expected) => {
    expect(read(address)).toMatchObject({ variable: 'HTTPS_PROXY', ...expected });
  });

  it.each([
    ['socks5://a.test:1080', /SOCKS proxy, which is not supported/],
    ['socks://a.test', /SOCKS/],
    ['ftp://a.test', /not the address of a proxy/],
    ['http://', /not the address of a proxy/],
    ['http://a.test:99999', /not the address of a proxy/],
    ['http://user:p#ss@a.test:1', /not the address of a proxy/],
    ['http://user:1#ss@a.test', /not the address of a proxy/],
    ['http://a.test/path', /not the address of a proxy/],
    ['http://a b:1', /not the address of a proxy/],
    ['http://u:100%zz@a.test', /stray %/],
  ])('%s is refused, and its value is not repeated', (address, words) => {
    const found = read(address);
    expect(found).toMatchObject({ problem: expect.stringMatching(words) });
    expect(found).toMatchObject({ problem: expect.stringMatching(/^HTTPS_PROXY/) });
    expect(JSON.stringify(found)).not.toMatch(/a\.test|ss@|zz/);
  });
});
