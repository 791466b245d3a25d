import { describe, expect, it } from 'vitest';
import { proxyFor } from './proxy.ts';

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

describe('NO_PROXY', () => {
  it.each([
    ['https://api.test', 'api.test'],
    ['https://api.test', 'other.test, api.test'],
    ['https://api.test', 'other.test api.test'],
    ['https://API.test.', 'Api.Test'],
    ['https://v2.api.test', 'api.test'],
    ['https://v2.api.test', '.api.test'],
    ['https://api.test', '.api.test'],
    ['https://v2.api.test', '*.api.test'],
    ['https://api.test', '*'],
    ['https://api.test', 'other,*'],
    ['https://api.test', 'api.test:443'],
    ['http://api.test', 'api.test:80'],
    ['https://api.test:8443', 'api.test:8443'],
    ['https://10.1.2.3', '10.1.2.3'],
    ['https://10.1.2.3', '10.1.0.0/16'],
    ['https://10.1.2.3:99', '10.1.2.3:99'],
    ['https://[2001:db8::1]', '2001:db8::1'],
    ['https://[2001:db8::1]', '[2001:db8:0::1]:443'],
    ['https://[2001:db8::1]', '2001:db8::/32'],
  ])('%s is asked without a proxy by %j', (url, noProxy) => {
    expect(proxy(url, { ALL_PROXY: 'http://a:1', NO_PROXY: noProxy })).toBeNull();
  });

  it.each([
    ['https://api.test', ''],
    ['https://api.test', ' , '],
    ['https://api.test', 'test2'],
    ['https://myapi.test', 'api.test'],
    ['https://api.test', 'v2.api.test'],
    ['https://api.test', 'api.test:80'],
    ['https://api.test', '.'],
    ['https://10.1.2.3', '10.1.2'],
    ['https://10.1.2.3', '0.1.2.3'],
    ['https://10.1.2.3', '.1.2.3'],
    ['https://10.1.2.3', '10.2.0.0/16'],
    ['https://10.1.2.3', '10.1.2.3/33'],
    ['https://10.1.2.3', '10.1.2.3/'],
    ['https://10.1.2.3', '2001:db8::/32'],
    ['https://[2001:db8::1]', '10.0.0.0/8'],
  ])('%s is asked through the proxy by %j', (url, noProxy) => {
    expect(proxy(url, { ALL_PROXY: 'http://a:1', NO_PROXY: noProxy })).not.toBeNull();
  });
});

describe('a server on this machine', () => {
  it.each(['http://localhost:80', 'http://LOCALHOST.', 'http://a.localhost', 'http://127.9.8.7', 'http://[::1]:1'])(
    '%s is never asked through a proxy',
    (url) => {
      expect(proxy(url, { ALL_PROXY: 'http://a:1' })).toBeNull();
    },
  );

  it.each(['http://localhost.test', 'http://128.0.0.1', 'http://[::2]', 'http://mylocalhost', 'http://0.0.0.0'])(
    '%s is not this machine',
    (url) => {
      expect(proxy(url, { ALL_PROXY: 'http://a:1' })).not.toBeNull();
    },
  );
});
