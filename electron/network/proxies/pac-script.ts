/**
 * A proxy auto-configuration script: fetched, then asked for each address in a sandbox of its own
 * (QuickJS in WebAssembly), with bounds on time and memory. Route finding keeps one for each address.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createPacResolver } from 'pac-resolver';
import { QuickJS } from 'quickjs-wasi';
import { ProblemError, problemOf } from '../../../shared/problem.ts';
import type { HttpExchange } from '../http-exchange.ts';
import { networkProblem } from '../network-problem.ts';
import { pacRoutes } from './pac-answer.ts';
import type { Route } from './route.ts';

const scriptBytes = 1024 * 1024;
const fetchTimeoutMs = 10_000;
const memoryBytes = 32 * 1024 * 1024;
/** How long a script may keep the processor busy for one answer, in ms; other programs' share does not count. */
const runMs = 500;
/** How long one answer may take, names included. */
const answerMs = 10_000;

export interface PacScript {
  /** @throws ProblemError `network.pac-failed` where the script fails or takes too long. */
  routesTo(url: URL): Promise<Route[]>;
}

/**
 * Fetches and loads a script.
 * @param http goes to the address without a proxy.
 * @throws ProblemError `network.pac-failed`
 */
export async function loadPacScript(address: string, http: HttpExchange): Promise<PacScript> {
  try {
    return await runPacScript(await fetchScript(address, http));
  } catch (error) {
    throw pacFailure(address, error);
  }
}

/** Exported for tests. @throws where the script is not one. */
export async function runPacScript(script: string): Promise<PacScript> {
  let runsUntil = 0;
  const quickjs = await QuickJS.create({
    memoryLimit: memoryBytes,
    interruptHandler: () => busyMs() > runsUntil,
  });
  const mayRun = (): void => {
    runsUntil = busyMs() + runMs;
  };
  mayRun();
  const findProxyForUrl = createPacResolver(quickjs, script, { sandbox: { alert: () => {} } });
  return {
    async routesTo(url) {
      mayRun();
      try {
        // As browsers do, the script is not told the path: it can hold what is nobody's business.
        const answer = await within(answerMs, findProxyForUrl(`${url.origin}/`, url.hostname));
        return pacRoutes(String(answer ?? ''));
      } catch (error) {
        throw pacFailure(url.origin, error);
      }
    },
  };
}

/** How long this thread has kept the processor busy. */
function busyMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

async function fetchScript(address: string, http: HttpExchange): Promise<string> {
  const url = new URL(address);
  if (url.protocol === 'file:') return readFile(fileURLToPath(url), 'utf8');
  const { status, body } = await http.send({
    ...{ method: 'GET', url: url.href, lane: 0 },
    ...{ timeoutMs: fetchTimeoutMs, maxBytes: scriptBytes },
  });
  if (status !== 200) throw new Error(`HTTP ${status}`);
  return body;
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

function pacFailure(what: string, cause: unknown): ProblemError {
  if (cause instanceof ProblemError && cause.problem.code === 'network.pac-failed') return cause;
  const { detail, message } = problemOf(cause);
  return networkProblem('network.pac-failed', {
    detail: `${what}: ${detail ?? message}`.slice(0, 300),
    cause,
  });
}
