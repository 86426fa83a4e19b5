/** The one thing that keeps chat from getting through, by the first problem that was met. Pure. */
import type { DoctorFinding } from '../../../../shared/doctor.ts';
import { sourceWords } from '../../../../shared/health-words.ts';
import type { Problem } from '../../../../shared/problem.ts';
import { wayProblem } from '../way-problem.ts';
import {
  betweenHereAndThere,
  type Case,
  clockIsOff,
  isClockRight,
  proxyName,
  serverName,
  type Words,
} from './case.ts';

/** Undefined where a session was opened and somebody can sign in to it. */
export function blockers(of: Case): DoctorFinding | undefined {
  const { readings } = of;
  const session = readings['bosh-session'];
  if (session?.endpoint !== undefined) {
    const signIn = readings['ways-to-sign-in']?.problem;
    return signIn && finding(of, signIn);
  }
  const published = readings['published-address'];
  const problem =
    wayProblem(readings) ??
    session?.problem ??
    portalAmong(published?.reasons) ??
    published?.problem;
  return problem && finding(of, problem);
}

function finding(of: Case, problem: Problem): DoctorFinding {
  const words = ownWords(of, problem) ?? plainWords(of, problem);
  return { code: codeOf(of, problem), weight: 'blocks', ...words };
}

const strangers = new Set([
  'network.html-answer',
  'network.redirected',
  'network.sign-in-required',
  'network.foreign-answer',
]);

function portalAmong(reasons: readonly Problem[] = []): Problem | undefined {
  return reasons.find(({ code }) => strangers.has(code));
}

/** The problem's code without its side; a stranger's page is the portal's where nothing proves whose it is. */
function codeOf(of: Case, { code }: Problem): string {
  if (strangers.has(code)) return isProvenServer(of) ? 'not-a-chat-service' : 'portal';
  if (dates.has(code) && isClockToBlame(of)) return 'clock-off';
  return code.replace(/^[^.]*\./, '');
}

const dates = new Set(['network.certificate-expired', 'network.certificate-not-yet-valid']);

/** The certificate is good by the server's clock, and this computer's tells another day. */
function isClockToBlame({ readings }: Case): boolean {
  const { byServerClock } = readings.encryption ?? {};
  return byServerClock?.isInDate === true && !isClockRight(byServerClock.aheadMs);
}

/** The certificate says that whoever answers is the server: a page is its own, and no portal's. */
function isProvenServer({ target, readings }: Case): boolean {
  return target.protocol === 'https:' && readings.encryption?.certificate?.trust === 'public';
}

const tellWhoRunsTheNetwork = 'Copy this report and send it to whoever runs the network.';
const tellWhoRunsTheServer = 'Copy this report and send it to whoever runs the chat server.';
const checkAddress = 'Check the BOSH address, or ask whoever runs the chat server for it.';

/** The words for a problem of this code; undefined where it has none of its own. */
export function ownWords(of: Case, problem: Problem): Words | undefined {
  const server = serverName(of);
  const proxy = proxyName(of) ?? 'of this network';
  const { domain } = of;
  const names = of.readings['name-resolution'];
  const chatServer = `The chat server of ${domain}.`;
  switch (codeOf(of, problem)) {
    case 'name-not-found':
      return names?.of === 'proxy'
        ? {
            what: `Requests are to go through the proxy ${proxy}, and its name cannot be found.`,
            whose: 'The proxy settings of this computer. They may belong to another network.',
            todo: 'Correct the proxy settings or turn them off, then examine again.',
          }
        : {
            what: `The name ${names?.problem ? names.host : server} cannot be found from here.`,
            whose:
              'The address may be misspelled, this computer may be offline, or this network looks up no outside names.',
            todo: 'Check the address. If other websites open in the browser, they may go through a proxy: enter the same one in Holdfast.',
          };
    case 'refused':
      return {
        what: `${server} refuses connections.`,
        whose: 'The server does not run at this address, or a firewall answers in its place.',
        todo: 'Check the address. If it is right, wait and try again, or ask whoever runs the server.',
      };
    case 'timeout':
      return {
        what: `Nothing answers at ${server}.`,
        whose:
          'A firewall of this network that swallows such connections, or a server that is switched off.',
        todo: `If other websites open, ask whoever runs the network to allow connections to ${server}.`,
      };
    case 'unreachable':
      return {
        what: 'There is no way out of this network to the server.',
        whose: 'This computer is offline, or its network has no connection to the internet.',
        todo: 'Connect to a network, then examine again.',
      };
    case 'reset':
      return {
        what: `The connection to ${server} is cut before an answer comes.`,
        whose: betweenHereAndThere(of),
        todo: tellWhoRunsTheNetwork,
      };
    case 'proxy-unreachable':
      return {
        what: `The proxy ${proxy} cannot be reached.`,
        whose:
          'The proxy settings of this computer, which may belong to another network, or the proxy itself.',
        todo: 'Correct the proxy settings or turn them off. If they are right, ask whoever runs the network.',
      };
    case 'proxy-refused':
      return {
        what: `The proxy ${proxy} does not allow connections to ${server}.`,
        whose: 'The rules of the proxy. Whoever runs the network sets them.',
        todo: `Ask them to allow HTTPS (CONNECT) to ${server}, and send them this report.`,
      };
    case 'proxy-hung-up':
      return {
        what: `The proxy ${proxy} hangs up when it is asked for ${server}.`,
        whose: 'The proxy of this network.',
        todo: `Ask whoever runs the network to allow HTTPS (CONNECT) to ${server}, and send them this report.`,
      };
    case 'proxy-gateway':
      return {
        what: `The proxy ${proxy} works, but cannot reach ${server}.`,
        whose:
          'The address may be wrong, the server may be switched off, or a firewall stands behind the proxy.',
        todo: 'Check the address. If it is right, send this report to whoever runs the network.',
      };
    case 'proxy-auth':
      return proxySignIn(of, proxy);
    case 'proxy-auth-unsupported':
      return {
        what: `The proxy ${proxy} wants a sign-in${schemesOf(of)} that Holdfast cannot do in the browser.`,
        whose: 'Whoever runs the network chose it. It is common in companies that use Windows.',
        todo: 'Use the Holdfast desktop app, which can. Or ask them for another way through.',
      };
    case 'proxy-failed':
      return {
        what: `The proxy ${proxy} did not make the connection to ${server}.`,
        whose: 'The proxy of this network: it may not allow the server, or not reach it.',
        todo: tellWhoRunsTheNetwork,
      };
    case 'proxy-tls':
      return {
        what: `No secure connection to the proxy ${proxy} can be made.`,
        whose: 'The proxy settings: the proxy may be of another kind than they say.',
        todo: 'Check the kind of proxy under Accounts, or ask whoever runs the network.',
      };
    case 'proxy-answer':
      return {
        what: `What answers at the address of the proxy ${proxy} is no proxy.`,
        whose:
          'The proxy settings, or a sign-in page of this network that stands in the proxy’s place.',
        todo: 'Open any website in a browser and look whether the network wants something. If not, correct the proxy settings.',
      };
    case 'pac-failed':
      return {
        what: 'The script that says which proxy to use cannot be used, and without a proxy nothing gets through.',
        whose: 'The proxy settings, or the server that the script comes from.',
        todo: 'Check the address of the script, or ask whoever runs the network for it.',
      };
    case 'portal':
      return {
        what: 'A web page comes instead of the chat server’s answer.',
        whose: 'This network: it wants you to sign in or to agree to something first.',
        todo: 'Open any website in a browser, do what the network asks, then examine again.',
      };
    case 'not-a-chat-service':
      return {
        what: `A website answers at ${server}, not a chat service.`,
        whose: `The address. The certificate shows that nobody stands in between.`,
        todo: checkAddress,
      };
    case 'tls-cut':
      return {
        what: `Whoever asks for ${server} by name is cut off while encryption is agreed on.`,
        whose: 'A filter of this network that goes by names, or a server that is set up wrong.',
        todo: tellWhoRunsTheNetwork,
      };
    case 'tls':
      return {
        what: `No encrypted connection to ${server} can be made.`,
        whose: betweenHereAndThere(of),
        todo: 'Check that the address is right and its port speaks HTTPS. If so, ask whoever runs the network.',
      };
    case 'clock-off':
      return {
        what: `The clock of this computer is ${clockIsOff(of.readings.encryption?.byServerClock?.aheadMs ?? 0)} the server’s, so that a good certificate looks out of date.`,
        whose: 'The clock of this computer.',
        todo: 'Set the date and time of this computer, best by the network, then examine again.',
      };
    case 'certificate-expired':
    case 'certificate-not-yet-valid':
      return certificateDates(of, problem);
    case 'certificate-other-name':
      return {
        what: problem.message,
        whose: 'The address may be wrong, or the network answers in the server’s place.',
        todo: problem.advice,
      };
    case 'certificate-other':
      return { what: problem.message, whose: 'Whoever runs the server.', todo: problem.advice };
    case 'certificate-unknown-issuer':
      return {
        what: problem.message,
        whose:
          'A proxy that reads encrypted traffic, as in many companies, or a server with a certificate of its own making.',
        todo: problem.advice,
      };
    case 'no-endpoint':
    case 'host-meta-invalid':
    case 'host-meta-without-link':
      return {
        what: `${domain} does not say where its BOSH service is.`,
        whose: `Whoever runs ${domain}: it may have none, or not publish it.`,
        todo: 'Ask them for the BOSH address and enter it under Advanced.',
      };
    case 'http-not-found':
    case 'http-method-not-allowed':
    case 'http-bad-request':
    case 'empty-answer':
      return {
        what: `The web server at ${server} has no chat service at this address.`,
        whose: 'The address, or the web server that does not pass it on.',
        todo: checkAddress,
      };
    case 'refused-by-web-server':
      return {
        what: `The web server at ${server} refuses requests.`,
        whose: betweenHereAndThere(of),
        todo: checkAddress,
      };
    case 'too-large':
      return {
        what: `What ${server} answers is larger than any answer of a chat service.`,
        whose: 'The address, or a page that this network puts in the place of the answer.',
        todo: checkAddress,
      };
    case 'http-unauthorized':
      return {
        what: `The web server at ${server} asks for a sign-in of its own.`,
        whose: 'Whoever runs that web server.',
        todo: 'Ask them for a BOSH address without a sign-in.',
      };
    case 'forbidden':
      return {
        what: `Requests to ${server} are forbidden.`,
        whose: betweenHereAndThere(of),
        todo: `Ask whoever runs it to allow requests to ${server}, and send them this report.`,
      };
    case 'failed':
      return {
        what: `Requests to ${server} do not get through, and nothing says why.`,
        whose: betweenHereAndThere(of),
        todo: tellWhoRunsTheNetwork,
      };
    case 'request-timeout':
      return {
        what: `Requests to ${server} take too long to get through.`,
        whose: betweenHereAndThere(of),
        todo: 'Try again later or in another network. If it lasts, send this report to whoever runs the network.',
      };
    case 'length-required':
      return {
        what: `Requests to ${server} lose their length on the way, and are refused without it.`,
        whose: betweenHereAndThere(of),
        todo: tellWhoRunsTheNetwork,
      };
    case 'request-too-large':
      return {
        what: `Even a small request to ${server} is refused as too large.`,
        whose: betweenHereAndThere(of),
        todo: tellWhoRunsTheNetwork,
      };
    case 'bad-gateway':
    case 'remote-connection-failed':
    case 'gateway-timeout':
    case 'unavailable':
    case 'server-error':
      return {
        what: 'The web server answers, but the chat server behind it does not.',
        whose: 'Whoever runs the chat server.',
        todo: 'Wait and try again. If it lasts, send them this report.',
      };
    case 'too-many-requests':
      return {
        what: 'The server asks for fewer requests.',
        whose: betweenHereAndThere(of),
        todo: 'Wait some minutes, then examine again.',
      };
    case 'host-unknown':
    case 'host-gone':
    case 'improper-addressing':
      return {
        what: `The server at this address does not serve ${domain}.`,
        whose: 'The address of the account, or the BOSH address: they do not belong together.',
        todo: 'Check both, or ask whoever runs the chat server for its BOSH address.',
      };
    case 'bad-body':
    case 'no-session':
      return {
        what: `${server} answers, but not as a chat service does.`,
        whose: `${chatServer} Or a gateway that changes its answers.`,
        todo: tellWhoRunsTheServer,
      };
    case 'bad-request':
    case 'item-not-found':
    case 'other-request':
    case 'remote-stream-error':
    case 'terminated':
    case 'undefined-condition':
      return {
        what: 'The chat server ends the session as soon as it begins.',
        whose: chatServer,
        todo: 'Wait and examine again. If it lasts, send this report to whoever runs the chat server.',
      };
    case 'internal-server-error':
    case 'system-shutdown':
      return {
        what: problem.message,
        whose: chatServer,
        todo: 'Wait and examine again. If it lasts, send this report to whoever runs the chat server.',
      };
    case 'policy-violation':
      return {
        what: 'The chat server refuses this computer for now, because too much was asked of it.',
        whose: chatServer,
        todo: 'Wait some minutes, then examine again.',
      };
    case 'see-other-uri':
      return {
        what: `${server} sends Holdfast to another address.`,
        whose: chatServer,
        todo: 'Ask whoever runs it for its present BOSH address, and enter that.',
      };
    case 'domain':
      return { what: problem.message, whose: 'The address of the account.', todo: problem.advice };
    case 'unexpected':
      return {
        what: 'The examination itself did not work.',
        whose: 'Holdfast itself.',
        todo: 'Examine again. If it keeps happening, copy this report and tell us.',
      };
    case 'https-required':
    case 'no-mechanism':
      return { what: problem.message, whose: chatServer, todo: problem.advice };
    default:
      return undefined;
  }
}

/** Of what has none of its own: servers may name conditions that nobody has heard of. */
function plainWords({ domain }: Case, { source, message, advice }: Problem): Words {
  const isTheirs = source === 'server' || source === 'endpoint';
  return {
    what: message,
    whose: isTheirs
      ? `The chat server of ${domain}.`
      : source === 'network'
        ? 'The network this computer is in.'
        : `${sourceWords[source]}.`,
    todo: advice || (isTheirs ? tellWhoRunsTheServer : tellWhoRunsTheNetwork),
  };
}

function certificateDates({ readings }: Case, { message, advice }: Problem): Words {
  const { byServerClock } = readings.encryption ?? {};
  const isClockGood = byServerClock !== undefined && isClockRight(byServerClock.aheadMs);
  return isClockGood
    ? {
        what: message,
        whose: 'Whoever runs the server. The clock of this computer is right.',
        todo: 'Tell them, so that they renew the certificate.',
      }
    : {
        what: message,
        whose: 'Whoever runs the server, or the clock of this computer.',
        todo: advice,
      };
}

/** ` (ntlm, basic)`; empty where it is not known. */
function schemesOf({ readings }: Case): string {
  const { schemes = [] } = readings['proxy-sign-in'] ?? readings.connection?.tunnel ?? {};
  return schemes.length > 0 ? ` (${schemes.join(', ')})` : '';
}

function proxySignIn(of: Case, proxy: string): Words {
  const { readings } = of;
  const { realm } = readings['proxy-sign-in'] ?? readings.connection?.tunnel ?? {};
  return {
    what: `The proxy ${proxy} lets nobody through without a name and password${schemesOf(of)}.`,
    whose: `Whoever runs the network${realm === undefined ? '' : `. They call it “${realm}”`}.`,
    todo: 'Enter the name and password for the proxy. They are often those you use for the computer itself.',
  };
}
