/** Checks a choice of proxy as a person typed it. The account commands call it. */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import type { ProxySetting } from '../../shared/proxy.ts';

/**
 * The choice in the form it is kept in.
 * @throws ProblemError `input.pac-address` or `input.proxy-host`
 */
export function parseProxySetting(setting: ProxySetting): ProxySetting {
  switch (setting.mode) {
    case 'system':
    case 'none':
      return setting;
    case 'pac':
      return { mode: 'pac', url: pacAddress(setting.url.trim()) };
    case 'manual': {
      const { scheme, port } = setting.proxy;
      return {
        mode: 'manual',
        proxy: { scheme, host: proxyHost(setting.proxy.host.trim()), port },
      };
    }
  }
}

function pacAddress(typed: string): string {
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  if (url === undefined || !/^(https?|file):$/.test(url.protocol)) {
    throw new ProblemError(noPacAddress);
  }
  return url.href;
}

/** A name or an address and nothing else: no scheme, no port, no credentials. */
function proxyHost(typed: string): string {
  const host = typed.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0) return host;
  // Whatever follows these the conversion would quietly leave out.
  const ascii = /[\s/\\?#@:]/.test(host) ? '' : domainToASCII(host);
  const isName =
    ascii !== '' && ascii.length <= 253 && /^[a-z\d_]([a-z\d_.-]*[a-z\d_])?\.?$/.test(ascii);
  if (!isName) throw new ProblemError(noProxyHost);
  return ascii;
}

const noPacAddress: Problem = {
  code: 'input.pac-address',
  source: 'input',
  message: 'This is not the address of a script.',
  advice: 'It looks like http://proxy.example.org/proxy.pac.',
  retry: 'never',
};

const noProxyHost: Problem = {
  code: 'input.proxy-host',
  source: 'input',
  message: 'This is not the name of a proxy.',
  advice: 'It looks like proxy.example.org; the port has its own field.',
  retry: 'never',
};
