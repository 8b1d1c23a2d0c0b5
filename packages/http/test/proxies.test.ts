import { expect } from 'chai';
import { parseProxy, proxyOf, readProxies, withoutCredentials } from '#src/proxies.js';

const BOTH = { https: 'http://secure.example:3128', http: 'http://plain.example:3128' };

function hostOf(proxies: Parameters<typeof proxyOf>[0], address: string): string | null {
  return proxyOf(proxies, new URL(address))?.host ?? null;
}

describe('proxyOf', () => {
  it('uses the proxy of the scheme', () => {
    expect(hostOf(BOTH, 'https://a.example/')).to.equal('secure.example:3128');
    expect(hostOf(BOTH, 'http://a.example/')).to.equal('plain.example:3128');
  });

  it('uses a single proxy for both schemes', () => {
    for (const only of [{ https: BOTH.https }, { http: BOTH.https }]) {
      expect(hostOf(only, 'https://a.example/')).to.equal('secure.example:3128');
      expect(hostOf(only, 'http://a.example/')).to.equal('secure.example:3128');
    }
  });

  it('uses none if none is set', () => {
    expect(hostOf({}, 'https://a.example/')).to.equal(null);
  });

  const exempt: readonly (readonly [list: string, address: string, direct: boolean])[] = [
    ['a.example', 'https://a.example/', true],
    ['A.Example', 'https://a.example/', true],
    ['a.example', 'https://sub.a.example/', true],
    ['.a.example', 'https://sub.a.example/', true],
    ['.a.example', 'https://a.example/', true],
    ['*.a.example', 'https://sub.a.example/', true],
    ['a.example', 'https://not-a.example/', false],
    ['a.example', 'https://a.example.org/', false],
    ['a.example:443', 'https://a.example/', true],
    ['a.example:80', 'http://a.example/', true],
    ['a.example:8080', 'https://a.example/', false],
    ['a.example:8080', 'http://a.example:8080/', true],
    ['b.example, a.example', 'https://a.example/', true],
    ['b.example a.example', 'https://a.example/', true],
    [',, ,', 'https://a.example/', false],
    ['*', 'https://a.example/', true],
    ['b.example,*', 'https://a.example/', true],
    ['127.0.0.1', 'http://127.0.0.1:4000/', true],
    ['127.0.0.1:4000', 'http://127.0.0.1:4001/', false],
    ['::1', 'http://[::1]:4000/', true],
    ['[::1]:4000', 'http://[::1]:4000/', true],
    ['[::1]:4000', 'http://[::1]:4001/', false],
  ];
  for (const [no, address, direct] of exempt) {
    it(`with NO_PROXY "${no}" reaches ${address} ${direct ? 'directly' : 'through the proxy'}`, () => {
      expect(proxyOf({ ...BOTH, no }, new URL(address)) === null).to.equal(direct);
    });
  }
});

describe('readProxies', () => {
  it('reads the variables in upper or lower case, upper case first', () => {
    expect(readProxies({ HTTPS_PROXY: 'http://a', https_proxy: 'http://b', no_proxy: 'c' })).to.deep.equal({
      https: 'http://a',
      http: undefined,
      no: 'c',
    });
  });

  it('treats a blank variable as not set', () => {
    expect(readProxies({ HTTPS_PROXY: ' ', HTTP_PROXY: '' })).to.deep.equal({
      https: undefined,
      http: undefined,
      no: undefined,
    });
  });
});

describe('parseProxy', () => {
  it('completes an address that has no scheme', () => {
    expect(parseProxy('proxy.example:3128')?.href).to.equal('http://proxy.example:3128/');
  });

  for (const address of ['', 'socks5://proxy.example', 'http://', 'ftp://proxy.example', 'http://a b']) {
    it(`refuses "${address}"`, () => {
      expect(parseProxy(address)).to.equal(null);
    });
  }

  it('keeps credentials, which withoutCredentials hides', () => {
    const url = parseProxy('http://user:secret@proxy.example:3128');
    expect(url?.password).to.equal('secret');
    expect(url && withoutCredentials(url)).to.equal('http://proxy.example:3128');
  });
});
