/**
 * The questions put to every connection manager, by section of XEP-0124 (and XEP-0206): what it is asked to do, and
 * what it is seen to do, in a word or two. `compare.ts` prints the answers side by side.
 */
import { gzipSync } from 'node:zlib';
import type { XmppServer } from '../servers/xmpp-server.ts';
import { ping, QUIET, type RawAnswer, type RawExchange, type RawSession } from './raw-session.ts';

/** What a case may use. */
export interface World {
  readonly server: XmppServer;
  /** A session that is closed after the case. */
  session(): RawSession;
  /** A session that is signed in. */
  signedIn(attributes?: Parameters<RawSession['create']>[0]): Promise<RawSession>;
}

export interface Case {
  /** Of XEP-0124; `206/` before one of XEP-0206. */
  readonly section: string;
  readonly asks: string;
  /** What the specification asks for, in the words of `run`. */
  readonly wanted: string;
  run(world: World): Promise<string>;
}

const conditionOf = ({ status, attributes }: RawAnswer): string =>
  attributes.condition ?? attributes.type ?? (status === 200 ? 'answered' : `HTTP ${status}`);

const heldOr = async (session: RawSession, exchange: RawExchange): Promise<string> => {
  const answer = await session.soon(exchange);
  return answer ? conditionOf(answer) : 'held';
};

const yes = (is: boolean): string => (is ? 'yes' : 'no');

const lifeAfter = async (session: RawSession): Promise<string> =>
  (await session.isAlive()) ? 'lives' : 'over';

export const CASES: readonly Case[] = [
  {
    section: '5',
    asks: 'request in chunks',
    wanted: 'session',
    async run(world) {
      const session = world.session();
      session.post = withHeaders(session, { 'transfer-encoding': 'chunked' });
      const answer = await session.create();
      return answer.attributes.sid ? 'session' : conditionOf(answer);
    },
  },
  {
    section: '5',
    asks: 'long answer, client accepts gzip',
    wanted: 'gzip',
    async run(world) {
      const session = world.session();
      session.post = withHeaders(session, { 'accept-encoding': 'gzip' });
      await session.signIn(world.server.user('alice'), 'gzip');
      const { headers } = await session.next(ping('x'.repeat(2_000))).answer;
      return headers['content-encoding'] ?? 'plain';
    },
  },
  {
    section: '5',
    asks: 'page of another site may read answers',
    wanted: 'yes',
    async run(world) {
      const session = world.session();
      const origin = 'https://chat.example';
      session.post = withHeaders(session, { origin });
      const allowed = (await session.create()).headers['access-control-allow-origin'];
      return yes(allowed === '*' || allowed === origin);
    },
  },
  {
    section: '6',
    asks: 'comment in a request',
    wanted: 'bad-request, lives',
    async run(world) {
      const session = await world.signedIn();
      const bad = session.at(session.rid + 1, '<!-- -->');
      const said = await heldOr(session, bad);
      return `${said}, ${await lifeAfter(session)}`;
    },
  },
  {
    section: '6',
    asks: 'request that is no XML',
    wanted: 'bad-request',
    async run(world) {
      return conditionOf(await world.session().post('<body <').answer);
    },
  },
  {
    section: '7.1',
    asks: 'content=text/html',
    wanted: 'text/html; charset=utf-8',
    async run(world) {
      const { headers } = await world.session().create({ content: 'text/html; charset=utf-8' });
      return String(headers['content-type']);
    },
  },
  {
    section: '7.1',
    asks: 'no `to`',
    wanted: 'improper-addressing',
    run: async (world) => conditionOf(await world.session().create({ to: undefined })),
  },
  {
    section: '7.1',
    asks: 'no `wait`',
    wanted: 'session',
    async run(world) {
      const answer = await world.session().create({ wait: undefined });
      return answer.attributes.sid ? 'session' : conditionOf(answer);
    },
  },
  granted('7.2', 'wait=7', { wait: 7 }, 'wait', '7'),
  granted('7.2', 'hold=0', { hold: 0, wait: 5 }, 'hold', '0'),
  granted('7.2', 'hold=1: requests', {}, 'requests', '2'),
  granted('7.2', 'ver=1.5: the lower version', { ver: '1.5' }, 'ver', '1.5'),
  granted('7.2', 'polling in the answer', {}, 'polling', 'any'),
  granted('7.2', 'inactivity in the answer', {}, 'inactivity', 'any'),
  granted('7.2', 'maxpause in the answer', {}, 'maxpause', 'any'),
  granted('7.2', 'accept in the answer', {}, 'accept', 'any'),
  granted('7.2', 'charsets in the answer', {}, 'charsets', 'any'),
  granted('7.2', 'from in the answer', {}, 'from', 'localhost'),
  granted('9.1', 'ack=1: ack in the answer', { ack: 1 }, 'ack', '1000000'),
  granted('16.2', 'stream in the answer', {}, 'stream', 'any'),
  {
    section: '7.2',
    asks: 'request compressed by gzip',
    wanted: 'read',
    async run(world) {
      const session = await world.signedIn();
      const body = gzipSync(session.body(session.rid + 1, ping('zip')));
      const answer = await session.post(body, { 'content-encoding': 'gzip' }).answer;
      return answer.text.includes('zip') ? 'read' : conditionOf(answer);
    },
  },
  {
    section: '7.2',
    asks: 'session’s attributes in later answers',
    wanted: 'none',
    async run(world) {
      const session = await world.signedIn();
      const { attributes } = await session.next(ping('later')).answer;
      const names = ['sid', 'wait', 'requests', 'hold', 'polling', 'inactivity', 'ver', 'from'];
      return names.filter((name) => name in attributes).join(' ') || 'none';
    },
  },
  {
    section: '8',
    asks: 'second request while one is held',
    wanted: 'first answered, second held',
    async run(world) {
      const session = await world.signedIn();
      const first = session.next();
      await session.soon(first);
      const second = session.next(QUIET);
      const firstSaid = await heldOr(session, first);
      return `first ${firstSaid}, second ${await heldOr(session, second)}`;
    },
  },
  {
    section: '8',
    asks: 'payload of rid+2 before an empty rid+1',
    wanted: 'taken in order, lives',
    async run(world) {
      const session = await world.signedIn();
      const { rid } = session;
      const taken = session.heard('later');
      await session.soon(session.at(rid + 2, ping('later')));
      session.at(rid + 1);
      await taken;
      session.rid = rid + 2;
      return `taken in order, ${await lifeAfter(session)}`;
    },
  },
  {
    section: '8',
    asks: 'wait=2 is over',
    wanted: 'empty',
    async run(world) {
      const session = await world.signedIn({ wait: 2 });
      const { attributes, payload } = await session.next().answer;
      return payload === '' && attributes.type === undefined ? 'empty' : 'not empty';
    },
  },
  {
    section: '10',
    asks: 'pause while one is held',
    wanted: 'held answered, pause answered',
    async run(world) {
      const session = await world.signedIn();
      const held = session.next();
      await session.soon(held);
      const pause = session.next('', { pause: 10 });
      return `held ${await heldOr(session, held)}, pause ${await heldOr(session, pause)}`;
    },
  },
  {
    section: '11',
    asks: 'empty request fills the window too soon',
    wanted: 'policy-violation',
    async run(world) {
      const session = await world.signedIn();
      const held = session.next();
      await session.soon(held);
      return heldOr(session, session.next());
    },
  },
  {
    section: '12',
    asks: 'wait=0, two empty requests at once',
    wanted: 'policy-violation',
    async run(world) {
      const session = world.session();
      await session.create({ wait: 0 });
      // The features, which come with the first.
      await session.next().answer;
      let said = 'answered';
      for (let count = 0; count < 3 && said === 'answered'; count += 1) {
        said = await heldOr(session, session.next());
      }
      return said;
    },
  },
  {
    section: '13',
    asks: 'terminate while one is held',
    wanted: 'held terminate, last answered',
    async run(world) {
      const session = await world.signedIn();
      const held = session.next();
      await session.soon(held);
      const last = session.next('', { type: 'terminate' });
      return `held ${await heldOr(session, held)}, last ${await heldOr(session, last)}`;
    },
  },
  {
    section: '14.2',
    asks: 'rid far beyond the window',
    wanted: 'item-not-found, over',
    async run(world) {
      const session = await world.signedIn();
      const said = await heldOr(session, session.at(session.rid + 20));
      return `${said}, ${await lifeAfter(session)}`;
    },
  },
  {
    section: '14.3',
    asks: 'copy of an answered request',
    wanted: 'same answer',
    async run(world) {
      const session = await world.signedIn();
      const { text } = await session.next(ping('copy')).answer;
      const copy = await session.soon(session.at(session.rid, ping('copy')));
      return copy?.text === text ? 'same answer' : copy ? conditionOf(copy) : 'held';
    },
  },
  {
    section: '14.3',
    asks: 'copy of a held request',
    wanted: 'first error, copy held',
    async run(world) {
      const session = await world.signedIn();
      const first = session.next();
      await session.soon(first);
      const copy = session.at(session.rid);
      return `first ${await heldOr(session, first)}, copy ${await heldOr(session, copy)}`;
    },
  },
  {
    section: '14.3',
    asks: 'other bytes with the rid of an answered request',
    wanted: 'refused, lives',
    async run(world) {
      const session = await world.signedIn();
      await session.next(ping('mine')).answer;
      const other = await session.soon(session.at(session.rid, ping('other')));
      const said = other?.text.includes('mine') ? 'gets the answer' : 'refused';
      return `${said}, ${await lifeAfter(session)}`;
    },
  },
  {
    section: '14.3',
    asks: 'copy of a request long ago',
    wanted: 'item-not-found',
    async run(world) {
      const session = await world.signedIn();
      const long = session.rid + 1;
      for (let count = 0; count < 5; count += 1) await session.next(ping('x')).answer;
      return heldOr(session, session.at(long, ping('x')));
    },
  },
  {
    section: '14.3',
    asks: 'held request is cut, the client goes on with rid+1',
    wanted: 'nothing lost',
    async run(world) {
      const session = await world.signedIn({ wait: 3 });
      const talker = world.session();
      await talker.signIn(world.server.user('bob'), 'talker');
      const held = session.next(QUIET);
      await session.soon(held);
      held.abort();
      await session.settle();
      await session.soon(
        talker.next(message(`${world.server.user('alice').jid}/comparer`, 'after the cut')),
      );
      for (let count = 0; count < 2; count += 1) {
        const answer = await session.next(QUIET).answer;
        if (answer.text.includes('after the cut')) return 'nothing lost';
        if (answer.attributes.type === 'terminate') return conditionOf(answer);
      }
      return 'lost';
    },
  },
  {
    section: '15.4',
    asks: 'wrong key',
    wanted: 'item-not-found, over',
    async run(world) {
      const session = world.session();
      await session.create({ newkey: 'ca393b51b682f61f98e7877d61146407f3d0a770' });
      const said = await heldOr(session, session.next('', { key: 'f'.repeat(40) }));
      return `${said}, ${said === 'held' ? 'lives' : 'over'}`;
    },
  },
  {
    section: '17.1',
    asks: 'client without ver: rid beyond the window',
    wanted: 'HTTP 404',
    async run(world) {
      const session = await world.signedIn({ ver: undefined });
      const answer = await session.soon(session.at(session.rid + 20));
      return answer ? `HTTP ${answer.status}` : 'held';
    },
  },
  {
    section: '17.2',
    asks: 'unknown sid',
    wanted: 'item-not-found',
    async run(world) {
      const session = world.session();
      session.sid = 'unheard-of';
      return conditionOf(await session.next().answer);
    },
  },
  {
    section: '17.2',
    asks: 'unknown domain',
    wanted: 'host-unknown',
    run: async (world) => conditionOf(await world.session().create({ to: 'nowhere.invalid' })),
  },
  granted('206/4', 'xmpp:restartlogic', {}, 'xmpp:restartlogic', 'true'),
  granted('206/4', 'xmpp:version', {}, 'xmpp:version', '1.0'),
  {
    section: '206/4',
    asks: 'features in the session creation response',
    wanted: 'yes',
    run: async (world) => yes((await world.session().create()).text.includes('features')),
  },
  {
    section: '206/6',
    asks: 'stream error, for another client in its place',
    wanted: 'remote-stream-error with it',
    async run(world) {
      const session = await world.signedIn();
      const held = session.next();
      const usurper = world.session();
      await usurper.signIn(world.server.user('alice'), 'comparer');
      const answer = await held.answer;
      return `${conditionOf(answer)} ${answer.text.includes('conflict') ? 'with' : 'without'} it`;
    },
  },
];

/** What an attribute of the grant is. */
function granted(
  section: string,
  asks: string,
  attributes: Parameters<RawSession['create']>[0],
  name: string,
  wanted: string,
): Case {
  return {
    ...{ section, asks, wanted },
    async run(world) {
      const answer = await world.session().create(attributes);
      const value = answer.attributes[name];
      if (answer.attributes.sid === undefined) return conditionOf(answer);
      if (wanted !== 'any') return value ?? 'none';
      return value === undefined ? 'none' : 'any';
    },
  };
}

/** Every request of the session with these headers beside its own. */
function withHeaders(
  session: RawSession,
  headers: Readonly<Record<string, string>>,
): RawSession['post'] {
  const post = session.post.bind(session);
  return (body, more = {}) => post(body, { ...headers, ...more });
}

function message(to: string, body: string): string {
  return `<message xmlns='jabber:client' type='chat' to='${to}'><body>${body}</body></message>`;
}
