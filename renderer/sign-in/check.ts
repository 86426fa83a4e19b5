/** Checks what is typed into the sign-in form, with words for what is wrong. Pure. */

/** The server's answer to a password it does not take. */
export const WRONG_PASSWORD = 'server.not-authorized';

/** What to say about a BOSH address, or nothing; an empty one is right: it is found by itself. */
export function checkEndpoint(typed: string): string | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  if (!URL.canParse(text)) return 'Write the whole address, like https://example.org/http-bind.';
  const { protocol, hostname } = new URL(text);
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return undefined;
  return 'The address has to begin with https://, so that nobody on the way can read along.';
}

/** What to say about a password, or nothing. */
export function checkPassword(typed: string): string | undefined {
  return typed === '' ? 'Write the password.' : undefined;
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/u.test(hostname)
  );
}
