/**
 * From the first stream features to a stream that carries stanzas: what of the offers @xmpp/client gets to
 * see, the server's proof that it knows the password, and everything that is tried: SASL2 with Bind 2 and
 * FAST (XEP-0388, 0386, 0484), stream management (XEP-0198). `BoshAccountStream` makes one for each sign-in.
 */
import type { Element } from '@xmpp/xml';
import type { GrantedAttributes, SessionState } from '../../shared/health.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import { isProsodysOwn } from '../bosh/protocol/granted-attributes.ts';
import { NS_STREAM } from '../bosh/protocol/namespaces.ts';
import {
  enableElement,
  type LostStream,
  leastHandled,
  type ManagedStream,
  NS_MANAGEMENT,
  readEnabled,
  resumeElement,
  type Settlement,
  settle,
} from './extensions/stream-management.ts';
import type { SaslMechanism } from './sasl-mechanisms.ts';
import { HTTPS_REQUIRED, NO_MECHANISM, UNPROVEN } from './sign-in-problem.ts';
import {
  fingerprintOf,
  isBlamed,
  mayTry,
  type TriedFeature,
  type Verdict,
  type Verdicts,
} from './verdict.ts';

const NS_TLS = 'urn:ietf:params:xml:ns:xmpp-tls';
const NS_SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const NS_SASL2 = 'urn:xmpp:sasl:2';
const NS_BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
const NS_BIND2 = 'urn:xmpp:bind:0';
const NS_CSI = 'urn:xmpp:csi:0';
const NS_FAST = 'urn:xmpp:fast:0';
/** An endpoint where what was tried works answers it at once, in ms. */
const TRY_TIMEOUT_MS = 5_000;

/** Failures that say something of the account and nothing of the way it was asked (RFC 6120 §6.5). */
const ACCOUNT_CONDITIONS = new Set([
  'account-disabled',
  'credentials-expired',
  'encryption-required',
  'not-authorized',
  'temporary-auth-failure',
]);

/** The token is not, or no longer, good (XEP-0484 §4.1). */
const TOKEN_CONDITIONS = new Set(['credentials-expired', 'not-authorized']);

/** How the stream came to be. */
export interface Established {
  readonly jid: string;
  /** Absent where it cannot be resumed, should its session be lost. */
  readonly stream?: ManagedStream;
  /** It is the stream of a lost session. */
  readonly resumed?: Settlement & { readonly handled: number };
}

export interface NegotiationOptions {
  readonly secure: boolean;
  readonly isPlainHttp: boolean;
  readonly verdicts: Verdicts;
  /** Take up this stream instead of binding a new resource. */
  readonly lost?: LostStream;
  /** There is a token to sign in with. */
  readonly hasToken: boolean;
  /** What the manager granted, once it has. */
  readonly granted: () => GrantedAttributes;
  readonly state: () => SessionState;
  /** The SASL mechanism under way. */
  readonly mechanism: () => SaslMechanism | undefined;
  readonly send: (element: Element) => void;
  readonly onVerdict: (feature: TriedFeature, verdict: Verdict) => void;
  /** The token was refused. */
  readonly onTokenRefused: () => void;
  readonly onEstablished: (established: Established) => void;
  /** The attempt is over. */
  readonly fail: (error: unknown) => void;
}

export class Negotiation {
  /** The features offered after sign-in. */
  features: Element | undefined;
  /** Signed in with a token. */
  usedToken = false;
  readonly #options: NegotiationOptions;
  #fingerprint = '';
  #isSignedIn = false;
  #isOver = false;
  #hasOtherWay = false;
  /** By Bind 2: features follow, and nothing is bound any more. */
  #isBound = false;
  #jid: string | undefined;
  #stream: ManagedStream | undefined;
  #isManagementAnswered = false;
  #trying: { readonly feature: TriedFeature; timer: NodeJS.Timeout } | undefined;

  constructor(options: NegotiationOptions) {
    this.#options = options;
  }

  /** Sees each element before @xmpp/client does; false keeps it from it. */
  take(element: Element): boolean {
    if (this.#isOver) return true;
    if (element.is('features', NS_STREAM)) return this.#takeFeatures(element);
    if (element.is('success', NS_SASL)) return this.#takeSuccess(element.text());
    if (element.getNS() === NS_SASL2) return this.#takeSasl2(element);
    if (element.getNS() === NS_MANAGEMENT) this.#takeManagement(element);
    return element.getNS() !== NS_MANAGEMENT;
  }

  /** @xmpp/client has bound a resource. */
  bound(jid: string): void {
    this.#jid = jid;
    this.#proceed();
  }

  /** The session has ended; the reason to give for it. */
  close(problem: Problem): Problem {
    const feature = this.#trying?.feature;
    const isCulprit = feature !== undefined && !this.#isOver && isBlamed(problem);
    if (isCulprit) this.#decide(feature, false, `the session ended: ${problem.code}`);
    this.#stop();
    const isOnlyWay = feature === 'sasl2' && !this.#hasOtherWay;
    return isCulprit && !isOnlyWay ? anotherWay(feature, problem.code) : problem;
  }

  // ---- features ------------------------------------------------------------------------------

  #takeFeatures(features: Element): boolean {
    if (!this.#isSignedIn) return this.#takeFirstFeatures(features);
    this.features = features;
    const mayManage = features.getChild('sm', NS_MANAGEMENT) !== undefined && this.#mayManage();
    // It would hold stanzas back by pausing a connection, and over BOSH that is any answer's (0.12).
    if (isProsodysOwn(this.#options.granted())) withhold(features, 'csi', NS_CSI);
    const { lost } = this.#options;
    // @xmpp/client would use it by itself wherever it is offered.
    withhold(features, 'sm', NS_MANAGEMENT);
    if (this.#isBound) {
      withhold(features, 'bind', NS_BIND);
      this.#isManagementAnswered ||= !mayManage;
      this.#proceed();
      return true;
    }
    if (!lost) {
      this.#isManagementAnswered = !mayManage;
      if (features.getChild('bind', NS_BIND)) return true;
      this.#fail(NO_MECHANISM);
      return false;
    }
    if (!mayManage) this.#fail(notResumed('not offered'));
    else this.#ask(resumeElement(lost));
    return false;
  }

  /** Before sign-in. */
  #takeFirstFeatures(features: Element): boolean {
    const { secure, isPlainHttp } = this.#options;
    this.#fingerprint = fingerprintOf(this.#options.granted(), features);
    withhold(features, 'starttls', NS_TLS);
    const hasSasl = features.getChild('mechanisms', NS_SASL) !== undefined;
    const sasl2 = features.getChild('authentication', NS_SASL2);
    if (!hasSasl && !sasl2) {
      this.#fail(isPlainHttp ? HTTPS_REQUIRED : NO_MECHANISM);
      return false;
    }
    this.#hasOtherWay = hasSasl;
    // Where there is no other way in, what failed before is tried all the same.
    if (sasl2 && (!hasSasl || (secure && this.#may('sasl2')))) this.#prepareSasl2(sasl2);
    else withhold(features, 'authentication', NS_SASL2);
    return true;
  }

  /** What SASL2 may do inline, all in its one round trip. */
  #prepareSasl2(sasl2: Element): void {
    const { lost, hasToken, secure } = this.#options;
    const inline = sasl2.getChild('inline');
    // A token is good for whoever sees it: over TLS only (XEP-0484 §7).
    if (inline && !(secure && this.#may('fast'))) withhold(inline, 'fast', NS_FAST);
    if (inline && !(lost && this.#mayManage())) withhold(inline, 'sm', NS_MANAGEMENT);
    // A resource is not bound beside a stream that is to be resumed.
    if (inline && lost) withhold(inline, 'bind', NS_BIND2);
    const features = inline?.getChild('bind', NS_BIND2)?.getChild('inline');
    if (features && !this.#mayManage()) features.children.length = 0;
    const withToken = hasToken && inline?.getChild('fast', NS_FAST) !== undefined;
    this.#try(withToken && this.#works('sasl2') ? 'fast' : 'sasl2');
  }

  // ---- sign-in -------------------------------------------------------------------------------

  #takeSuccess(proof: string): boolean {
    const { mechanism } = this.#options;
    if (!mechanism()?.verify(Buffer.from(proof, 'base64').toString('latin1'))) {
      this.#fail(UNPROVEN);
      return false;
    }
    this.#isSignedIn = true;
    return true;
  }

  #takeSasl2(element: Element): boolean {
    this.#tryOn();
    switch (element.getName()) {
      case 'failure':
        return this.#takeSasl2Failure(element);
      case 'continue':
        this.#refuse('sasl2', 'a further step is asked for');
        return false;
      case 'success':
        return this.#takeSasl2Success(element);
      default:
        return true;
    }
  }

  #takeSasl2Failure(failure: Element): boolean {
    const condition =
      failure
        .getChildElements()
        .find((child) => child.getNS() === NS_SASL)
        ?.getName() ?? 'not-authorized';
    const wasToken = this.#isTokenInUse();
    if (!ACCOUNT_CONDITIONS.has(condition)) {
      this.#refuse(wasToken ? 'fast' : 'sasl2', condition);
      return false;
    }
    if (!wasToken) this.#endTry();
    // @xmpp/client goes on with the password.
    else if (TOKEN_CONDITIONS.has(condition)) this.#options.onTokenRefused();
    return true;
  }

  #takeSasl2Success(success: Element): boolean {
    if (!this.#takeSuccess(success.getChildText('additional-data') ?? '')) return false;
    this.usedToken = this.#isTokenInUse();
    if (this.usedToken) this.#confirm('fast');
    const answer = managementIn(success);
    const bound = success.getChild('bound', NS_BIND2);
    if (answer) {
      this.#confirm('sasl2');
      this.#takeManagement(answer);
    } else if (bound) {
      this.#isBound = true;
      const inBound = managementIn(bound);
      if (inBound) this.#takeEnabled(inBound);
    } else {
      this.#confirm('sasl2');
      this.#endTry();
    }
    return true;
  }

  #isTokenInUse(): boolean {
    return this.#options.mechanism()?.name.startsWith('HT-') === true;
  }

  /** A resource is bound: the stream stands once nothing more is to be heard or tried. */
  #proceed(): void {
    if (this.#isOver || this.#jid === undefined) return;
    if (this.#isBound) {
      // XEP-0388 §2.6.1: features follow success.
      if (!this.features) return;
      this.#confirm('sasl2');
    }
    if (this.#isManagementAnswered) this.#establish();
    else this.#ask(enableElement());
  }

  // ---- stream management ---------------------------------------------------------------------

  /** Prosody over BOSH crashes on `<resume/>`, and bounces what was not acknowledged when a session is lost. */
  #mayManage(): boolean {
    return this.#may('stream-management') && !isProsodysOwn(this.#options.granted());
  }

  #ask(element: Element): void {
    this.#try('stream-management');
    this.#options.send(element);
  }

  #takeManagement(answer: Element): void {
    const { lost } = this.#options;
    const name = answer.getName();
    if (lost && name === 'resumed') this.#takeResumed(lost, answer.attrs.h);
    else if (lost && name === 'failed') this.#fail(notResumed(conditionOf(answer)));
    else if (!lost && (name === 'enabled' || name === 'failed')) {
      this.#takeEnabled(answer);
      this.#establish();
    }
  }

  /** The answer to `<enable/>`, whichever way it was sent. */
  #takeEnabled(answer: Element): void {
    this.#isManagementAnswered = true;
    if (answer.getName() === 'enabled') this.#stream = readEnabled(answer);
    if (this.#stream) return;
    const reason = answer.getName() === 'failed' ? conditionOf(answer) : 'it keeps no stream';
    this.#decide('stream-management', false, reason);
  }

  #takeResumed(lost: LostStream, h: string | undefined): void {
    const handled = Number(h ?? Number.NaN);
    const settled = settle(lost, handled);
    if (!settled) {
      const between = `between ${leastHandled(lost)} and ${lost.sent}`;
      const reason = `it has handled ${handled} stanzas of those ${between}`;
      this.#decide('stream-management', false, reason);
      this.#fail(notResumed(reason));
      return;
    }
    this.#confirm('stream-management');
    this.#jid = lost.jid;
    this.#stream = lost;
    this.#establish({ resumed: { ...settled, handled } });
  }

  #establish(how: Pick<Established, 'resumed'> = {}): void {
    const jid = this.#jid;
    if (jid === undefined || this.#isOver) return;
    this.#stop();
    this.#options.onEstablished({ jid, ...(this.#stream && { stream: this.#stream }), ...how });
  }

  // ---- tries and verdicts --------------------------------------------------------------------

  #may(feature: TriedFeature): boolean {
    return mayTry(this.#options.verdicts[feature], this.#fingerprint, Date.now());
  }

  #works(feature: TriedFeature): boolean {
    const verdict = this.#options.verdicts[feature];
    return verdict?.works === true && verdict.fingerprint === this.#fingerprint;
  }

  #try(feature: TriedFeature): void {
    this.#endTry();
    this.#trying = { feature, timer: this.#tryTimer() };
  }

  /** It answers: what follows has as long again. */
  #tryOn(): void {
    if (!this.#trying) return;
    clearTimeout(this.#trying.timer);
    this.#trying.timer = this.#tryTimer();
  }

  #tryTimer(): NodeJS.Timeout {
    return setTimeout(() => {
      // A network that is down is not the endpoint's fault.
      if (this.#options.state() === 'broken') this.#tryOn();
      else if (this.#trying) {
        this.#refuse(this.#trying.feature, `no answer within ${TRY_TIMEOUT_MS / 1000} s`);
      }
    }, TRY_TIMEOUT_MS);
  }

  #endTry(): void {
    clearTimeout(this.#trying?.timer);
    this.#trying = undefined;
  }

  #confirm(feature: TriedFeature): void {
    if (!this.#works(feature)) this.#decide(feature, true, 'it was answered');
  }

  /** It does not work here: the attempt ends, and the next does without it. */
  #refuse(feature: TriedFeature, reason: string): void {
    this.#decide(feature, false, reason);
    if (feature === 'fast') this.#options.onTokenRefused();
    const isOnlyWay = feature === 'sasl2' && !this.#hasOtherWay;
    this.#fail(isOnlyWay ? { ...NO_MECHANISM, detail: reason } : anotherWay(feature, reason));
  }

  #decide(feature: TriedFeature, works: boolean, reason: string): void {
    const fingerprint = this.#fingerprint;
    this.#options.onVerdict(feature, { works, at: Date.now(), reason, fingerprint });
  }

  #fail(problem: Problem): void {
    if (this.#isOver) return;
    this.#stop();
    this.#options.fail(new ProblemError(problem));
  }

  #stop(): void {
    this.#isOver = true;
    this.#endTry();
  }
}

function withhold(parent: Element, name: string, namespace: string): void {
  const kept = parent.children.filter(
    (child) => typeof child === 'string' || !child.is(name, namespace),
  );
  parent.children.splice(0, parent.children.length, ...kept);
}

function managementIn(element: Element): Element | undefined {
  return element.getChildElements().find((child) => child.getNS() === NS_MANAGEMENT);
}

function conditionOf(failed: Element): string {
  return failed.getChildElements()[0]?.getName() ?? 'no condition';
}

const SPECIFICATION: Readonly<Record<TriedFeature, string>> = {
  sasl2: 'XEP-0388',
  fast: 'XEP-0484',
  'stream-management': 'XEP-0198',
};

function anotherWay(feature: TriedFeature, reason: string): Problem {
  return {
    code: 'server.feature-silent',
    source: 'server',
    message: 'The server offers a shorter way to sign in that does not work here.',
    advice: 'Holdfast signs in without it.',
    retry: 'now',
    detail: `${SPECIFICATION[feature]}: ${reason}`,
  };
}

function notResumed(reason: string): Problem {
  return {
    code: 'server.not-resumed',
    source: 'server',
    message: 'The server no longer remembers the lost session.',
    advice: 'Holdfast signs in anew.',
    retry: 'now',
    detail: `XEP-0198: ${reason}`,
  };
}
