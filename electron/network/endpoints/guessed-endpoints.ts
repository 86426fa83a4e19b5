/**
 * Where BOSH often is when a domain does not say: on the domain's own name, over HTTPS, under the paths and
 * ports that servers come with. Never another name: the certificate has to be the domain's.
 */

/** Path and port of the usual set-ups; a web server in front of the chat server comes first. */
const usual = [
  // Behind a web server, by Prosody's and ejabberd's names for it.
  '/http-bind',
  '/bosh',
  // ejabberd's and Prosody's own HTTPS ports, open to the outside.
  ':5443/bosh',
  ':5281/http-bind',
];

/** Guesses for a domain, the likeliest first. @param domain a host name, without a port */
export function guessedEndpoints(domain: string): string[] {
  return usual.map((rest) => `https://${domain}${rest}`);
}
