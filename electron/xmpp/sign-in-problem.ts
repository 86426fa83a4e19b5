/** Words for what can go wrong while signing in (RFC 6120 §6.5, §7). */
import { type Problem, ProblemError, problemOf } from '../../shared/problem.ts';
import { ScramError } from './sasl-mechanisms.ts';

/** Turns what @xmpp/client threw while negotiating into a Problem. */
export function signInProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof ScramError) return { ...UNPROVEN, detail: error.message };
  const { name, condition, text } = error as { name?: string; condition?: string; text?: string };
  if (name === 'SASLError' && condition !== undefined) return saslProblem(condition, text);
  if (name === 'StanzaError' && condition !== undefined) {
    return {
      code: `server.${condition}`,
      source: 'server',
      message: 'The server did not open a place for this device.',
      advice: 'Try again. If it lasts, tell whoever runs the server.',
      retry: 'later',
      detail: `bind: ${condition} ${text ?? ''}`.trim().slice(0, 300),
    };
  }
  if (name === 'TimeoutError') {
    return {
      code: 'server.no-answer',
      source: 'server',
      message: 'The server stopped answering while signing in.',
      advice: 'Holdfast tries again.',
      retry: 'later',
    };
  }
  return problemOf(error);
}

function saslProblem(condition: string, text: string | undefined): Problem {
  const detail = `SASL: ${condition} ${text ?? ''}`.trim().slice(0, 300);
  switch (condition) {
    case 'not-authorized':
    case 'invalid-authzid':
    case 'bad-auth':
      return {
        code: 'server.not-authorized',
        source: 'server',
        message: 'The server did not accept this address and password.',
        advice: 'Check both and type the password again.',
        retry: 'never',
        detail,
      };
    case 'account-disabled':
    case 'credentials-expired':
      return {
        code: `server.${condition}`,
        source: 'server',
        message: 'The server says that this account is disabled or its password has expired.',
        advice: 'Ask your provider, then sign in again.',
        retry: 'never',
        detail,
      };
    case 'encryption-required':
      return HTTPS_REQUIRED;
    case 'temporary-auth-failure':
      return {
        code: 'server.temporary-auth-failure',
        source: 'server',
        message: 'The server cannot check passwords at the moment.',
        advice: 'Holdfast tries again.',
        retry: 'later',
        detail,
      };
    case 'invalid-mechanism':
    case 'mechanism-too-weak':
      return { ...NO_MECHANISM, code: `server.${condition}`, detail };
    default:
      return {
        code: `server.${condition}`,
        source: 'server',
        message: 'The server broke off the sign-in.',
        advice: 'Try again. If it lasts, send the details to whoever runs the server.',
        retry: 'never',
        detail,
      };
  }
}

/** The server offers nothing to sign in with until the connection is encrypted. */
export const HTTPS_REQUIRED: Problem = {
  code: 'server.https-required',
  source: 'server',
  message: 'The server lets nobody sign in over plain HTTP.',
  advice: 'Use a BOSH address that begins with https://.',
  retry: 'never',
};

/** The server offers no mechanism we have. */
export const NO_MECHANISM: Problem = {
  code: 'server.no-mechanism',
  source: 'server',
  message: 'The server offers no way to sign in that Holdfast knows.',
  advice: 'Ask your provider to allow signing in with a password (SCRAM).',
  retry: 'never',
};

/** SCRAM works both ways: this server did not show that it knows the password. */
export const UNPROVEN: Problem = {
  code: 'server.unproven',
  source: 'server',
  message: 'The server could not prove that it knows your password.',
  advice:
    'Something may stand between you and your server. Check the BOSH address before you try again.',
  retry: 'never',
};
