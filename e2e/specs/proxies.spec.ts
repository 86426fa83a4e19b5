/** Through real proxies, from the form to the chat: the servers have a name that only the proxies can resolve. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { shellKind } from '../holdfast/shell.ts';
import { startMicrosocks } from '../networks/programs/microsocks.ts';
import { OUTSIDE_NAME } from '../networks/programs/names.ts';
import { HOST, type Program } from '../networks/programs/program.ts';
import { startSquid } from '../networks/programs/squid.ts';
import { PROXY_REALM, startSquidWith } from '../networks/programs/squid-authentication.ts';
import { startTinyproxy } from '../networks/programs/tinyproxy.ts';
import type { StrophePeer } from '../peers/strophe-peer.ts';
import type { TestUser } from '../servers/xmpp-server.ts';
import {
  expectSignedIn,
  fact,
  fillSignIn,
  message,
  openChat,
  openHealth,
  place,
  readSid,
  send,
  startChat,
  state,
} from './actions.ts';
import { trustServer } from './certificate-actions.ts';
import { test as base, expect, SERVERS } from './fixtures.ts';
import {
  answerProxy,
  type ChosenProxy,
  changeProxy,
  chooseProxy,
  proxyQuestion,
} from './proxy-actions.ts';

const visitor = { name: 'visitor', password: 'open-sesame' };

const test = base.extend<{ readonly started: (program: Promise<Program>) => Promise<Program> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures used here
  started: async ({}, use) => {
    const programs: Program[] = [];
    await use(async (starting) => {
      const program = await starting;
      programs.push(program);
      return program;
    });
    await Promise.all(programs.map((program) => program.stop()));
  },
});

const openSquid = () => startSquid(() => 'http_access allow all');

const http = ({ port }: Program): ChosenProxy => ({ scheme: 'http', host: HOST, port });
const socks = ({ port }: Program): ChosenProxy => ({ scheme: 'socks5', host: HOST, port });

/** Fills in the form with a proxy, and sends it. */
async function signInThrough(
  page: Page,
  user: TestUser,
  boshUrl: string,
  proxy: ChosenProxy,
): Promise<void> {
  await page.getByRole('button', { name: 'Advanced' }).click();
  await chooseProxy(page, page.getByRole('main'), proxy);
  await fillSignIn(page, user, boshUrl);
}

/** A message each way, by the words of the test. */
async function chat(page: Page, me: TestUser, peer: StrophePeer, words: string): Promise<void> {
  await openChat(page, peer.bareJid);
  await send(page, `out: ${words}`);
  await expect(state(message(page, 'You', `out: ${words}`), 'Delivered')).toBeVisible();
  peer.send({ to: me.jid, body: `back: ${words}` });
  await expect(message(page, peer.bareJid, `back: ${words}`)).toBeVisible();
}

for (const kind of SERVERS) {
  test(`signs in to ${kind} through a proxy that asks, and chats`, async ({
    holdfast,
    servers,
    connectPeer,
    started,
  }) => {
    test.slow();
    const server = await servers(kind);
    const proxy = await started(startSquidWith('digest', visitor));
    const { page } = holdfast;
    const me = server.newUser();
    const peer = await connectPeer(server, server.newUser());
    await signInThrough(page, me, server.boshUrlOutside, http(proxy));

    await expect(proxyQuestion(page)).toContainText(`${HOST}:${proxy.port}`);
    await expect(proxyQuestion(page)).toContainText(PROXY_REALM);
    await answerProxy(page, { ...visitor, password: 'wrong' });
    await expect(proxyQuestion(page)).toContainText('did not accept this name and password');
    await answerProxy(page, visitor);
    await trustServer(page, server);
    await expectSignedIn(page);
    await startChat(page, peer.bareJid);
    await chat(page, me, peer, 'through squid');

    // What was asked once is not asked after a restart.
    await holdfast.quit();
    await holdfast.start();
    await expectSignedIn(holdfast.page);
    await expect(proxyQuestion(holdfast.page)).toBeHidden();
    // Until the person wants it forgotten.
    await place(holdfast.page, 'Accounts').click();
    const known = holdfast.page.getByRole('list', { name: 'Proxies that know you' });
    await expect(known).toContainText(`${HOST}:${proxy.port}`);
    await known.getByRole('button', { name: 'Forget' }).click();
    await expect(known).toBeHidden();
  });

  test(`keeps the session on ${kind} when the proxy is changed`, async ({
    holdfast,
    servers,
    connectPeer,
    started,
  }) => {
    test.slow();
    const server = await servers(kind);
    const [squid, tiny, microsocks] = await Promise.all([
      started(openSquid()),
      started(startTinyproxy()),
      started(startMicrosocks()),
    ]);
    const { page } = holdfast;
    const me = server.newUser();
    const peer = await connectPeer(server, server.newUser());
    await signInThrough(page, me, server.boshUrlOutside, http(squid));
    await trustServer(page, server);
    await expectSignedIn(page);
    await startChat(page, peer.bareJid);
    await chat(page, me, peer, 'through squid');
    const sid = await readSid(page);

    for (const [name, chosen, url] of [
      ['tinyproxy', http(tiny), `http://${HOST}:${tiny.port}`],
      ['microsocks', socks(microsocks), `socks5://${HOST}:${microsocks.port}`],
    ] as const) {
      await changeProxy(page, chosen);
      await place(page, 'Chats').click();
      await chat(page, me, peer, `through ${name}`);
      expect(await readSid(page)).toBe(sid);
      await expect(fact(await openHealth(page), 'Proxy')).toHaveText(url);
    }
    await squid.stop();
    await chat(page, me, peer, 'without the first proxy');
    expect(await readFile(tiny.logFile, 'utf8')).toContain(`CONNECT ${OUTSIDE_NAME}`);
    expect(await readFile(microsocks.logFile, 'utf8')).toContain(`connected to ${OUTSIDE_NAME}`);
  });
}

test('says that a proxy cannot be reached, and goes on in the same session once it can', async ({
  holdfast,
  servers,
  connectPeer,
  started,
}) => {
  const server = await servers('prosody');
  const [squid, gone] = await Promise.all([started(openSquid()), startTinyproxy()]);
  await gone.stop();
  const { page } = holdfast;
  const me = server.newUser();
  const peer = await connectPeer(server, server.newUser());
  await signInThrough(page, me, server.boshUrlOutside, http(squid));
  await trustServer(page, server);
  await expectSignedIn(page);
  await startChat(page, peer.bareJid);
  const sid = await readSid(page);
  await changeProxy(page, http(gone));
  await expect(page.getByText('The proxy could not be reached.').first()).toBeVisible();
  await changeProxy(page, http(squid));
  await place(page, 'Chats').click();
  await chat(page, me, peer, 'back again');
  expect(await readSid(page)).toBe(sid);
});

test('does not ask again who declined, until they try by themselves', async ({
  holdfast,
  servers,
  started,
}) => {
  const server = await servers('prosody');
  const proxy = await started(startSquidWith('basic', visitor));
  const { page } = holdfast;
  await signInThrough(page, server.newUser(), server.boshUrlOutside, http(proxy));
  await proxyQuestion(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(proxyQuestion(page)).toBeHidden();
  await expect(
    page.getByText('The proxy of this network asks for a name and password.'),
  ).toBeVisible();
  // Two more tries of its own, by the proxy's log.
  const refusals = async () =>
    (await readFile(join(proxy.folder, 'access.log'), 'utf8')).match(/TCP_DENIED\/407/g)?.length;
  const before = (await refusals()) ?? 0;
  await expect.poll(refusals, { timeout: 30_000 }).toBeGreaterThan(before);
  await expect(proxyQuestion(page)).toBeHidden();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await answerProxy(page, visitor, false);
  await trustServer(page, server);
  await expectSignedIn(page);
});

test('goes where a script says', async ({ holdfast, servers, started }) => {
  const server = await servers('ejabberd');
  const squid = await started(openSquid());
  const script = createServer((_request, response) =>
    response
      .setHeader('Content-Type', 'application/x-ns-proxy-autoconfig')
      .end(`function FindProxyForURL(url, host) {
        return dnsDomainIs(host, "outside.test") ? "PROXY ${HOST}:${squid.port}" : "PROXY nowhere.test:1";
      }`),
  ).listen(0, HOST);
  await once(script, 'listening');
  const { port } = script.address() as { port: number };
  try {
    const pac = `http://${HOST}:${port}/proxy.pac`;
    await signInThrough(holdfast.page, server.newUser(), server.boshUrlOutside, { pac });
    await trustServer(holdfast.page, server);
    await expectSignedIn(holdfast.page);
    await place(holdfast.page, 'Accounts').click();
    await expect(holdfast.page.getByText(`Chosen by the script ${pac}`)).toBeVisible();
  } finally {
    script.closeAllConnections();
    script.close();
  }
});

test('goes by the environment where nothing else is chosen', async ({
  holdfast,
  servers,
  started,
}) => {
  test.skip(shellKind() === 'desktop', 'Chromium takes no password from the environment');
  const server = await servers('prosody');
  const proxy = await started(startSquidWith('basic', visitor));
  await holdfast.quit();
  await holdfast.start({
    HTTPS_PROXY: `http://${visitor.name}:${visitor.password}@${HOST}:${proxy.port}`,
  });
  await fillSignIn(holdfast.page, server.newUser(), server.boshUrlOutside);
  await trustServer(holdfast.page, server);
  await expectSignedIn(holdfast.page);
});

for (const [name, start, words] of [
  [
    'denies the tunnel',
    () => startSquid(() => 'acl tunnel method CONNECT\nhttp_access deny tunnel'),
    'The proxy of this network does not let this connection through.',
  ],
  [
    'cannot reach the server',
    () => startSquid(({ folder }) => `http_access allow all\nhosts_file ${folder}/none`),
    'The proxy of this network could not reach the server.',
  ],
  [
    'asks for NTLM',
    () => startSquidWith('ntlm', visitor),
    'asks for a kind of sign-in that Holdfast cannot do here',
  ],
] as const) {
  test(`says what a proxy does that ${name}`, async ({ holdfast, servers, started }) => {
    test.skip(shellKind() === 'desktop', 'Chromium tells less, and does NTLM');
    const server = await servers('prosody');
    const proxy = await started(start());
    const { page } = holdfast;
    await signInThrough(page, server.newUser(), server.boshUrlOutside, http(proxy));
    await expect(page.getByText(words)).toBeVisible();
  });
}

test('signs in through a proxy that asks for NTLM', async ({ holdfast, servers, started }) => {
  test.skip(shellKind() === 'browser', 'only Chromium does NTLM');
  const server = await servers('prosody');
  const proxy = await started(startSquidWith('ntlm', visitor));
  await signInThrough(holdfast.page, server.newUser(), server.boshUrlOutside, http(proxy));
  await answerProxy(holdfast.page, visitor);
  await trustServer(holdfast.page, server);
  await expectSignedIn(holdfast.page);
});
