/**
 * Makes an @xmpp/client of one sign-in ours: our transport and mechanisms, a token in place of the password,
 * stream management as we do it, and no reconnecting of its own. `BoshAccountStream` makes one each time.
 */
import { client } from '@xmpp/client';
import xml, { type Element } from '@xmpp/xml';
import { ProblemError } from '../../shared/problem.ts';
import {
  enableElement,
  type LostStream,
  NS_MANAGEMENT,
  resumeElement,
} from './extensions/stream-management.ts';
import {
  chooseMechanism,
  createMechanism,
  createTokenMechanism,
  MECHANISM_NAMES,
  type SaslMechanism,
  TOKEN_MECHANISM,
} from './sasl-mechanisms.ts';
import { HTTPS_REQUIRED, NO_MECHANISM } from './sign-in-problem.ts';

/** A step of the negotiation may take this long, in ms: two held requests on a slow path. */
const STEP_TIMEOUT_MS = 120_000;
/** No server gives a longer token. */
const LONGEST_TOKEN = 4_096;

/** What to sign in with instead of the password (XEP-0484); as secret as that. */
export interface FastToken {
  readonly token: string;
  /** The mechanism it is good for. */
  readonly mechanism: string;
  /** When it is no longer good (XEP-0082). */
  readonly expiry: string;
}

export interface XmppClientOptions {
  readonly endpoint: string;
  readonly domain: string;
  readonly resource: string;
  readonly username: string;
  readonly password: string;
  /** The way to the endpoint is private: PLAIN and tokens may go over it. */
  readonly secure: boolean;
  /** This installation for this account (XEP-0388 §2.3): a UUID, version 4. */
  readonly agentId?: string;
  readonly token?: FastToken;
  readonly lost?: LostStream;
  readonly Transport: unknown;
  /** The password or token is being used, with this mechanism. */
  readonly onMechanism: (mechanism: SaslMechanism) => void;
  readonly onSigningIn: () => void;
  /** The server gave a new token, or the one there is is of no use. */
  readonly onToken: (token: FastToken | undefined) => void;
}

export type XmppClient = ReturnType<typeof client> & {
  _jid(jid: string): void;
  _ready(): void;
};

export function createXmppClient(options: XmppClientOptions): XmppClient {
  const { endpoint, domain, resource, username, password, secure, token, lost } = options;
  const { agentId, onMechanism, onToken } = options;
  const entity = client({
    service: endpoint,
    domain,
    resource,
    timeout: STEP_TIMEOUT_MS,
    credentials: async (authenticate: Authenticate, offered: string[], fast: object | null) => {
      const name = chooseMechanism(offered, secure);
      if (!name && !(fast && token)) {
        throw new ProblemError(secure ? NO_MECHANISM : HTTPS_REQUIRED);
      }
      options.onSigningIn();
      await authenticate({ username, password, token }, name, userAgent(agentId));
    },
  } as Parameters<typeof client>[0]) as unknown as ClientInternals;
  entity.transports.length = 0;
  entity.transports.push(options.Transport);
  entity.reconnect.stop();
  setMechanisms(entity.saslFactory, MECHANISM_NAMES, (name) => {
    const mechanism = createMechanism(name);
    onMechanism(mechanism);
    return mechanism;
  });
  setMechanisms(entity.fast.saslFactory, [TOKEN_MECHANISM], () => {
    const mechanism = createTokenMechanism();
    onMechanism(mechanism);
    return mechanism;
  });
  entity.fast.saveToken = async (given) => {
    const { token: text = '' } = given;
    if (text !== '' && text.length <= LONGEST_TOKEN) onToken(given);
  };
  entity.fast.deleteToken = async () => onToken(undefined);
  // In place of its own: what the server answers is read before it gets there.
  entity.sasl2.use(NS_MANAGEMENT, () => lost && resumeElement(lost), nothing);
  entity.bind2.use(NS_MANAGEMENT, enableElement, nothing);
  return entity;
}

/** Leaves a factory these mechanisms only. */
function setMechanisms<Name extends string>(
  factory: SaslFactory,
  names: readonly Name[],
  create: (name: Name) => SaslMechanism,
): void {
  factory._mechs.length = 0;
  for (const name of names) {
    // It calls a mechanism with `new`; a constructor may return what it likes.
    factory.use(name, function mechanism() {
      return create(name);
    });
  }
}

function userAgent(id: string | undefined): Element {
  return xml('user-agent', id === undefined ? {} : { id }, xml('software', {}, 'Holdfast'));
}

function nothing(): void {}

type Authenticate = (
  credentials: { username: string; password: string; token: FastToken | undefined },
  mechanism: string | undefined,
  userAgent: Element,
) => Promise<void>;

interface SaslFactory {
  readonly _mechs: unknown[];
  use(name: string, mechanism: unknown): void;
}

interface InlineFeatures {
  use(
    namespace: string,
    request: (element: Element) => Element | undefined,
    answer: () => void,
  ): void;
}

/** What @xmpp/client 0.14 has and its typings leave out; `bosh-transport.test.ts` pins it. */
type ClientInternals = Omit<XmppClient, 'reconnect' | 'fast' | 'bind2'> &
  XmppClient & {
    readonly transports: unknown[];
    readonly reconnect: { stop(): void };
    readonly saslFactory: SaslFactory;
    readonly sasl2: InlineFeatures;
    readonly bind2: InlineFeatures;
    readonly fast: {
      readonly saslFactory: SaslFactory;
      saveToken: (token: FastToken) => Promise<void>;
      deleteToken: () => Promise<void>;
    };
  };
