import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../../servers/certificate.ts';
import type { Network } from '../network.ts';

export const portalCertificate: Network = {
  name: 'portal-certificate',
  about: 'a captive portal answers HTTPS with a certificate of its own',
  problem: 'network.certificate-unknown-issuer',
  verdict: 'certificate-unknown-issuer',
  start: async ({ server, wire }) => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-portal-'));
    const { certificate, key } = await makeCertificate(folder, 'portal');
    const portal = createSecureServer(
      { cert: await readFile(certificate), key: await readFile(key) },
      (_request, answer) => answer.writeHead(302, { location: 'http://portal.test/' }).end(),
    ).listen(0, '127.0.0.1');
    await once(portal, 'listening');
    const endpoint = new URL(server.boshUrlTls);
    const beyond = Number(endpoint.port);
    let leadsTo = (portal.address() as AddressInfo).port;
    const door = createServer((near) => {
      const far = connect(leadsTo, '127.0.0.1');
      near.pipe(far).pipe(near);
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
    }).listen(0, '127.0.0.1');
    await once(door, 'listening');
    endpoint.port = String(await wire((door.address() as AddressInfo).port));
    return {
      endpoint: endpoint.href,
      environment: { NODE_EXTRA_CA_CERTS: server.certificate },
      agree: () => {
        leadsTo = beyond;
      },
      async stop() {
        door.close();
        portal.close();
        portal.closeAllConnections();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};
