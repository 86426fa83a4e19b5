/** Names what a proxy answers, and what goes wrong on the way to it. The tunnels of the Node adapter call it. */
import type { ProblemError } from '../../../shared/problem.ts';
import { type ProxyAddress, proxyUrl } from '../../../shared/proxy.ts';
import { networkProblem, type ProxyFailure } from '../network-problem.ts';

/** `http://proxy.example:3128 said HTTP 403`: never with credentials. */
export function proxyDetail(proxy: ProxyAddress, what: string): string {
  const { scheme, host, port } = proxy;
  return `${proxyUrl({ scheme, host, port })} ${what}`.slice(0, 300);
}

/** A proxy's answer to CONNECT that is neither 2xx nor a question for credentials (RFC 9110 §15.5, §15.6). */
export function refusedTunnel(proxy: ProxyAddress, status: number, reason: string): ProblemError {
  const failure: ProxyFailure =
    status >= 500
      ? 'network.proxy-gateway'
      : status >= 400 && status !== 405
        ? 'network.proxy-refused'
        : // A web server, or a portal's page in the proxy's place.
          'network.proxy-answer';
  const said = `said HTTP ${status} ${reason.replace(/[^\x20-\x7e]/g, '')}`.trim();
  return networkProblem(failure, { detail: proxyDetail(proxy, said) });
}

/** The way to the proxy itself failed. */
export function proxyProblem(
  failure: ProxyFailure,
  proxy: ProxyAddress,
  cause: unknown,
): ProblemError {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  const text = [code, message].filter((part) => typeof part === 'string' && part !== '').join(': ');
  return networkProblem(failure, { detail: proxyDetail(proxy, text), cause });
}
