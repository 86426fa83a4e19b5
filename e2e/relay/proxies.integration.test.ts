/** The relay behind a real nginx, configured as its documentation says. */
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Program, startProgram } from '../networks/programs/program.ts';
import { startProsody } from '../servers/prosody.ts';
import { inFrontOf, type RunningRelay, startRelay } from '../servers/relay.ts';
import type { XmppServer } from '../servers/xmpp-server.ts';

const EXAMPLE = new URL('../../electron/shells/relay/examples/nginx.conf', import.meta.url);
const NS = "xmlns='http://jabber.org/protocol/httpbind'";

describe('the relay behind nginx', () => {
  let server: XmppServer;
  let relay: RunningRelay;
  let nginx: Program;
  let agent: Agent;

  beforeAll(async () => {
    server = await startProsody();
    relay = await startRelay([
      ...inFrontOf(server),
      ...['--trust-proxy', 'loopback', '--public-url', 'https://chat.example.org/http-bind'],
      ...['--sessions-per-address', '2'],
    ]);
    const example = await readFile(EXAMPLE, 'utf8');
    nginx = await startProgram('nginx', ({ port, folder }) => ({
      program: 'nginx',
      arguments: ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')],
      files: {
        // The example itself, with the places of this test in it.
        'relay.conf': example
          .replace('127.0.0.1:5280', new URL(relay.boshUrl).host)
          .replace('listen 443', `listen 127.0.0.1:${port}`)
          .replace('/etc/ssl/chat.example.org.pem', server.certificate)
          .replace(
            '/etc/ssl/private/chat.example.org.key',
            server.certificate.replace('.crt', '.key'),
          ),
        'nginx.conf': `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events {}
http {
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  include ${folder}/relay.conf;
}
`,
      },
    }));
    agent = new Agent({ keepAlive: true, ca: await readFile(server.certificate) });
  });
  afterAll(async () => {
    agent?.destroy();
    await nginx?.stop();
    await relay?.stop();
    await server?.stop();
  });

  function ask(
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          ...{ host: '127.0.0.1', port: nginx.port, path, agent, servername: 'localhost' },
          method: body === undefined ? 'GET' : 'POST',
          headers: {
            host: 'chat.example.org',
            'content-type': 'text/xml; charset=utf-8',
            ...headers,
          },
        },
        (answer) => {
          text(answer).then(
            (words) => resolve({ status: answer.statusCode ?? 0, text: words }),
            reject,
          );
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }

  const create = (headers?: Record<string, string>) =>
    ask(
      '/http-bind',
      `<body rid='1' to='${server.domain}' ver='1.6' wait='30' hold='1' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh' ${NS}/>`,
      headers,
    );

  it('serves clients over HTTPS and tells them where it is', async () => {
    const created = await create();
    expect(created.text).toContain('<mechanism>');
    const sid = /sid='([^']+)'/u.exec(created.text)?.[1];
    const ended = await ask('/http-bind', `<body rid='2' sid='${sid}' type='terminate' ${NS}/>`);
    expect(ended.text).toContain("type='terminate'");
    for (const path of ['/.well-known/host-meta', '/.well-known/host-meta.json']) {
      expect((await ask(path)).text).toContain('https://chat.example.org/http-bind');
    }
  });

  it('counts a client by its own address, whatever it says of others', async () => {
    const answers: string[] = [];
    for (const claimed of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
      answers.push((await create({ 'x-forwarded-for': claimed })).text);
    }
    expect(answers.at(-1)).toContain('policy-violation');
  });

  it('serves nobody past the proxy without encryption', async () => {
    const answer = await fetch(relay.boshUrl, { method: 'POST', body: '<body/>' });
    expect(answer.status).toBe(403);
  });
});
