import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DoctorFinding } from '../../shared/doctor.ts';
import { examineByCommand } from '../holdfast/run-doctor.ts';
import { startProsody } from '../servers/prosody.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { networks } from './matrix.ts';

/** What the doctor is to name in each network that lets nothing through. */
const BLOCKED: Readonly<Record<string, string>> = {
  'squid-ntlm': 'proxy-auth-unsupported',
  'squid-stranger': 'proxy-auth',
  'squid-denies-connect': 'proxy-refused',
  'squid-blocks-name': 'proxy-refused',
  'inspected-unknown': 'certificate-unknown-issuer',
  'proxy-gone': 'proxy-unreachable',
  'portal-redirects': 'portal',
  'portal-page': 'portal',
  'portal-certificate': 'certificate-unknown-issuer',
  'certificate-expired': 'certificate-expired',
  'clock-wrong': 'clock-off',
  'name-unknown': 'name-not-found',
  refused: 'refused',
};

/** … and in some that limit what gets through, or where there is something to know. */
const CROSSED: Readonly<Record<string, readonly string[]>> = {
  direct: [],
  'squid-digest': ['inspected', 'names-at-proxy'],
  'squid-cuts-10s': ['held-request-cut', 'inspected', 'names-at-proxy'],
  'socks5-password': ['inspected', 'names-at-proxy'],
  inspected: ['inspected', 'names-at-proxy'],
  'nginx-cuts-10s': ['held-request-cut'],
  'nginx-limits-bodies': ['request-size'],
  'nginx-one-request': ['one-connection'],
  'one-connection': ['one-connection'],
  'http-1.0': ['old-http'],
};

let server: XmppServer;
beforeAll(async () => {
  // What the matrix waits for is a fifth of what it is elsewhere.
  server = await startProsody({ wait: 4 });
});
afterAll(() => server.stop());

async function examine(name: string): Promise<{ outcome: string; findings: DoctorFinding[] }> {
  const network = networks.find((each) => each.name === name);
  if (!network) throw new Error(`there is no ${name}`);
  const running = await network.start({ server, wire: async (port) => port });
  try {
    const { endpoint, environment } = running;
    const { run } = await examineByCommand(['alice@localhost', '--url', endpoint], environment);
    const { outcome = 'none', findings = [] } = run.verdict ?? {};
    return { outcome, findings };
  } finally {
    await running.stop();
  }
}

// Side by side: most of their time goes by in waiting.
describe('the doctor', { concurrent: true }, () => {
  it('knows every network of the matrix that lets nothing through', () => {
    const deadEnds = networks.filter(({ problem }) => problem !== undefined);
    expect(Object.keys(BLOCKED).sort()).toEqual(deadEnds.map(({ name }) => name).sort());
  });

  it.each(Object.entries(BLOCKED))('names what blocks in %s: %s', async (name, code) => {
    const { outcome, findings } = await examine(name);
    expect({ outcome, code: findings[0]?.code }).toEqual({ outcome: 'blocked', code });
    expect(findings[0]?.weight).toBe('blocks');
  });

  it.each(Object.entries(CROSSED))('names what is to know in %s: %j', async (name, codes) => {
    const { outcome, findings } = await examine(name);
    expect(findings.map(({ code }) => code)).toEqual(codes);
    const limits = findings.some(({ weight }) => weight === 'limits');
    expect(outcome).toBe(limits ? 'limited' : 'clear');
  });
});
