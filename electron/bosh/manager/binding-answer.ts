/** The answers of the manager as text (XEP-0124 §6, §8 and §17). Used by the session and, without one, by the manager. */
import { type BodyAttributes, encodeBody, XBOSH_PREFIX } from '../protocol/body.ts';
import { NS_STREAM } from '../protocol/namespaces.ts';
import { DEFAULT_CONTENT_TYPE } from './grant.ts';
import type { Answer, Condition } from './session-events.ts';

export const EMPTY_BODY = encodeBody({}, '');

/** The recoverable binding condition (XEP-0124 §17.3): repeat this request and all before it. */
export const RECOVERABLE_BODY = encodeBody({ type: 'error' }, '');

/** Which HTTP status says the same to a legacy client (XEP-0124 §17.1). */
const LEGACY_STATUS: Partial<Record<Condition, number>> = {
  'bad-request': 400,
  'policy-violation': 403,
  'item-not-found': 404,
};

/** A `<body/>` with the namespaces that its attributes and its payload need. */
export function answerBody(attributes: BodyAttributes, payload: string): string {
  if (payload === '' && Object.keys(attributes).length === 0) return EMPTY_BODY;
  const speaksXmpp = Object.keys(attributes).some((name) => name.startsWith('xmpp:'));
  return encodeBody(
    {
      ...attributes,
      ...(speaksXmpp ? XBOSH_PREFIX : {}),
      ...(payload.includes('<stream:') ? { 'xmlns:stream': NS_STREAM } : {}),
    },
    payload,
  );
}

/** The end of a session in the words of XEP-0124 §17.2. */
export function terminateBody(condition: Condition, payload = ''): string {
  return answerBody({ type: 'terminate', condition }, payload);
}

/** The status of an end: 200, but for a legacy client. */
export function terminateStatus(condition: Condition, isLegacy: boolean): number {
  return (isLegacy && LEGACY_STATUS[condition]) || 200;
}

/** A refusal without a session. `payload`: what the condition asks for beside it. */
export function refusal(condition: Condition, isLegacy = false, payload = ''): Answer {
  return {
    status: terminateStatus(condition, isLegacy),
    contentType: DEFAULT_CONTENT_TYPE,
    text: terminateBody(condition, payload),
  };
}
