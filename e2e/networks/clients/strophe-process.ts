/**
 * Strophe.js in a process of its own, whose environment says what a network's is: proxies and certificate
 * authorities. It signs in again a second after it lost its session, as a chat page would have it do.
 */
import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { $msg, $pres, Strophe } from 'strophe.js';
import { installXmlHttpRequest } from '../../peers/strophe-runtime.ts';

export type StropheOrder =
  | { readonly type: 'connect'; readonly service: string; readonly jid: string; password: string }
  | { readonly type: 'send'; readonly to: string; readonly body: string };
export type StropheReport =
  | { readonly type: 'online' }
  | { readonly type: 'offline'; readonly condition: string }
  | { readonly type: 'received'; readonly from: string; readonly body: string };

const SIGN_IN_AGAIN_MS = 1_000;

let connection: InstanceType<typeof Strophe.Connection> | undefined;

// xmlhttprequest-ssl stumbles over the end of a connection whose request was called off; a browser would not.
process.on('uncaughtException', (error) => {
  if (!error.stack?.includes('XMLHttpRequest.js')) throw error;
});
process.on('disconnect', () => process.exit(0));
process.on('message', (order: StropheOrder) => {
  if (order.type === 'connect') start(order);
  else send(order);
});

function report(message: StropheReport): void {
  process.send?.(message);
}

function start({ service, jid, password }: Extract<StropheOrder, { type: 'connect' }>): void {
  const settings = { keepAlive: true, maxSockets: 6, proxyEnv: process.env };
  installXmlHttpRequest(
    service.startsWith('https:') ? new SecureAgent(settings) : new Agent(settings),
  );
  Strophe.setLogLevel(Strophe.LogLevel.FATAL);
  const signIn = () => {
    connection = new Strophe.Connection(service);
    connection.addHandler(onMessage, null, 'message', null);
    connection.connect(`${jid}/strophe`, password, onStatus);
  };
  const onStatus = (status: number, condition: string | null) => {
    if (status === Strophe.Status.CONNECTED) {
      connection?.send($pres().tree());
      connection?.flush();
      report({ type: 'online' });
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

function send({ to, body }: Extract<StropheOrder, { type: 'send' }>): void {
  connection?.send($msg({ to, type: 'chat' }).c('body').t(body).tree());
  // It gathers for 100 ms otherwise.
  connection?.flush();
}
