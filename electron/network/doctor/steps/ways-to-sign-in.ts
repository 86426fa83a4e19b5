/** Step 8: the ways to sign in that the server offers (SASL, RFC 6120 §6). */
import { problemOf } from '../../../../shared/problem.ts';
import { isLoopback } from '../../loopback.ts';
import { withoutSession, workingEndpoint } from '../session-steps.ts';
import { fact, failed, type Step } from '../step.ts';
import { TrialSession } from '../trial-session.ts';

const NS_SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const NS_TLS = 'urn:ietf:params:xml:ns:xmpp-tls';

export const waysToSignIn: Step<'ways-to-sign-in'> = {
  id: 'ways-to-sign-in',
  pointless: withoutSession,

  async examine({ domain, path, clock, signal, readings, mechanisms }) {
    const endpoint = workingEndpoint(readings);
    try {
      const session = await TrialSession.open({
        ...{ http: path.http, endpoint, domain, wait: 5, clock, signal },
      });
      const features = await session.features();
      await session.end();
      const offered = (features?.getChild('mechanisms', NS_SASL)?.getChildren('mechanism') ?? [])
        .map((mechanism) => mechanism.text().trim().slice(0, 40))
        .slice(0, 40);
      const { protocol, hostname } = new URL(endpoint);
      const isPrivate = protocol === 'https:' || isLoopback(hostname);
      const chosen = mechanisms.find(
        (name) => offered.includes(name) && (isPrivate || name !== 'PLAIN'),
      );
      const facts = fact('Offered', offered.join(', ') || 'nothing');
      if (chosen === undefined) {
        const wantsTls = offered.length === 0 && features?.getChild('starttls', NS_TLS);
        const problem = wantsTls ? wantsEncryption : noWay;
        return failed<'ways-to-sign-in'>({ offered, problem }, facts);
      }
      return {
        reading: { offered, chosen },
        state: 'good',
        result: `Holdfast can sign in here with ${chosen}.`,
        facts,
      };
    } catch (error) {
      if (signal.aborted) throw error;
      return failed<'ways-to-sign-in'>({ offered: [], problem: problemOf(error) });
    }
  },
};

const wantsEncryption = {
  code: 'server.https-required',
  source: 'server',
  message: 'The server lets nobody sign in over this address, because it is not encrypted.',
  advice: 'Use a BOSH address that begins with https://.',
  retry: 'never',
} as const;

const noWay = {
  code: 'server.no-mechanism',
  source: 'server',
  message: 'The server offers no way to sign in that Holdfast knows.',
  advice: 'Ask whoever runs the server to allow signing in with a password (SCRAM).',
  retry: 'never',
} as const;
