/**
 * Strophe.js in a process of its own, whose environment says what a network's is: proxies and certificate
 * authorities (process-client.ts). It signs in again a second after it lost its session, as a chat page would have it do.
 */
import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { createInterface } from 'node:readline';
import { $msg, $pres, Strophe } from 'strophe.js';
import { installXmlHttpRequest } from '../../peers/strophe-runtime.ts';
import type { ClientOrder, ClientReport } from './process-client.ts';

const SIGN_IN_AGAIN_MS = 1_000;

let connection: InstanceType<typeof Strophe.Connection> | undefined;

// xmlhttprequest-ssl stumbles over the end of a connection whose request was called off; a browser would not.
process.on('uncaughtException', (error) => {
  if (!error.stack?.includes('XMLHttpRequest.js')) throw error;
});
createInterface({ input: process.stdin }).on('line', (line) => {
  const order = JSON.parse(line) as ClientOrder;
  if (order.type === 'connect') start(order);
  else send(order);
});

function report(message: ClientReport): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function start({ host, jid, password }: Extract<ClientOrder, { type: 'connect' }>): void {
  // xmlhttprequest-ssl repeats a request without its body where a kept connection is reset, and then waits for
  // ever: with a connection for each request Strophe.js is told, as a browser would tell it.
  const settings = { keepAlive: false, proxyEnv: process.env };
  installXmlHttpRequest(
    host.startsWith('https:') ? new SecureAgent(settings) : new Agent(settings),
  );
  Strophe.setLogLevel(Strophe.LogLevel.FATAL);
  const signIn = () => {
    connection = new Strophe.Connection(host);
    connection.addHandler(onMessage, null, 'message', null);
    connection.connect(`${jid}/strophe`, password, onStatus);
  };
  const onStatus = (status: number, condition: string | null) => {
    if (status === Strophe.Status.CONNECTED) {
      connection?.send($pres().tree());
      connection?.flush();
      report({ type: 'online', isSame: false });
    }
    if (status === Strophe.Status.DISCONNECTED) {
      report({ type: 'offline', condition: condition ?? '' });
      setTimeout(signIn, SIGN_IN_AGAIN_MS);
    }
  };
  signIn();
}

function onMessage(stanza: Element): boolean {
  const body = stanza.getElementsByTagName('body')[0]?.textContent;
  if (body) report({ type: 'received', from: stanza.getAttribute('from') ?? '', body });
  return true;
}

function send({ to, body }: Extract<ClientOrder, { type: 'send' }>): void {
  connection?.send($msg({ to, type: 'chat' }).c('body').t(body).tree());
  // It gathers for 100 ms otherwise.
  connection?.flush();
}
