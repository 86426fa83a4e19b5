/** Terminal binding conditions (XEP-0124 §17.2) as Problems: who ended the session and what to do about it. */
import type { Element } from '@xmpp/xml';
import type { Problem } from '../../../shared/problem.ts';
import { NS_HTTPBIND, NS_STREAM } from './namespaces.ts';

const NS_STREAMS = 'urn:ietf:params:xml:ns:xmpp-streams';

type Advice = Pick<Problem, 'message' | 'advice' | 'retry'> & { source?: Problem['source'] };

const CONDITIONS: Readonly<Record<string, Advice>> = {
  'bad-request': {
    message: 'The server could not understand what Holdfast sent.',
    advice: 'Copy the connection report and send it to whoever runs the server.',
    retry: 'later',
  },
  'host-gone': {
    message: 'This server no longer serves your domain.',
    advice: 'Check your address, or ask your provider where the domain has moved.',
    retry: 'never',
  },
  'host-unknown': {
    message: 'The server at this BOSH address does not know your domain.',
    advice: 'Check your address and the BOSH address.',
    retry: 'never',
  },
  'improper-addressing': {
    message: 'The server at this BOSH address does not serve your domain.',
    advice: 'Check your address and the BOSH address.',
    retry: 'never',
  },
  'internal-server-error': {
    message: 'Something inside the server went wrong.',
    advice: 'Holdfast tries again. If it lasts, tell whoever runs the server.',
    retry: 'later',
  },
  'item-not-found': {
    message: 'The server no longer has this session.',
    advice: 'Holdfast signs in again by itself.',
    retry: 'now',
  },
  'other-request': {
    message: 'The server ended this session because another request took its place.',
    advice: 'Holdfast signs in again by itself.',
    retry: 'now',
  },
  'policy-violation': {
    message: 'The server found that Holdfast asked too often.',
    advice: 'Holdfast waits a little and signs in again.',
    retry: 'later',
  },
  'remote-connection-failed': {
    message: 'The web server answers, but cannot reach the chat server behind it.',
    advice: 'Holdfast tries again. If it lasts, tell whoever runs the server.',
    retry: 'later',
  },
  'remote-stream-error': {
    message: 'The chat server closed the connection.',
    advice: 'Holdfast signs in again after a pause.',
    retry: 'later',
    source: 'server',
  },
  'see-other-uri': {
    message: 'The server asks to use another address.',
    advice: 'Holdfast goes there by itself.',
    retry: 'now',
  },
  'system-shutdown': {
    message: 'The server is shutting down.',
    advice: 'Holdfast signs in again when it is back.',
    retry: 'later',
  },
  'undefined-condition': {
    message: 'The server ended the session without saying why.',
    advice: 'Holdfast signs in again. If it keeps happening, tell whoever runs the server.',
    retry: 'later',
  },
};

/** The reason of a `<body type='terminate'/>`; without a condition it is an ordinary end. */
export function terminateProblem(
  attributes: Readonly<Record<string, string>>,
  payload: readonly Element[],
): Problem {
  const condition = attributes.condition;
  if (condition === undefined) {
    return {
      code: 'endpoint.terminated',
      source: 'endpoint',
      message: 'The server ended the session.',
      advice: 'Holdfast signs in again by itself.',
      retry: 'now',
    };
  }
  const streamError = payload.find((child) => child.is('error', NS_STREAM));
  if (condition === 'remote-stream-error' && streamError) return streamProblem(streamError);
  const known = Object.hasOwn(CONDITIONS, condition) ? CONDITIONS[condition] : undefined;
  const { source = 'endpoint', ...words } = known ?? (CONDITIONS['undefined-condition'] as Advice);
  return {
    code: known ? `endpoint.${condition}` : 'endpoint.undefined-condition',
    source,
    ...words,
    ...(known ? seeOther(condition, payload) : { detail: `condition ${condition.slice(0, 100)}` }),
  };
}

/** Stream errors that mean what the terminal condition of this name does; of the others only that it ended is told. */
const SHARED_CONDITIONS = new Set([
  'internal-server-error',
  'policy-violation',
  'remote-connection-failed',
  'system-shutdown',
]);

function streamWords(condition: string): Advice {
  const name = SHARED_CONDITIONS.has(condition) ? condition : 'remote-stream-error';
  const { source: _, ...words } = CONDITIONS[name] as Advice;
  return words;
}

/** The address to go to, as the detail of a `see-other-uri`. */
function seeOther(condition: string, payload: readonly Element[]): { detail?: string } {
  if (condition !== 'see-other-uri') return {};
  const uri = payload.find((child) => child.is('uri', NS_HTTPBIND));
  return uri ? { detail: uri.text().trim().slice(0, 2_000) } : {};
}

/** The name of the defined condition, which becomes part of a code: short and plain, or it is none. */
function streamCondition(error: Element): string {
  const names = error.children.flatMap((child) =>
    typeof child !== 'string' && child.getNS() === NS_STREAMS ? [child.getName()] : [],
  );
  const name = names.find((one) => one !== 'text' && /^[a-z][a-z-]{0,40}$/u.test(one));
  return name ?? 'undefined-condition';
}

/** What a `<stream:error/>` means (RFC 6120 §4.9.3): decided on the inner condition. */
function streamProblem(error: Element): Problem {
  const condition = streamCondition(error);
  const text = error.getChildText('text') ?? '';
  const detail = text === '' ? {} : { detail: text.slice(0, 300) };
  switch (condition) {
    case 'conflict':
      return {
        code: 'server.conflict',
        source: 'server',
        message: 'This account was opened somewhere else with the same name for the device.',
        advice: 'Sign in again to use it here.',
        retry: 'never',
        ...detail,
      };
    case 'host-unknown':
    case 'host-gone':
      return {
        code: `server.${condition}`,
        source: 'server',
        message: 'The chat server does not serve the domain of this account.',
        advice: 'Check your address, or ask your provider where the domain has moved.',
        retry: 'never',
        ...detail,
      };
    case 'not-authorized':
      return {
        code: 'server.not-authorized',
        source: 'server',
        message: 'The server does not accept this account.',
        advice: 'Check your address and password.',
        retry: 'never',
        ...detail,
      };
    default:
      return {
        code: `server.${condition}`,
        source: 'server',
        ...streamWords(condition),
        ...detail,
      };
  }
}
