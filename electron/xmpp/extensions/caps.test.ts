import { expect, test } from 'vitest';
import { capabilitiesElement, verificationString } from './caps.ts';

const features = [
  'http://jabber.org/protocol/muc',
  'http://jabber.org/protocol/disco#items',
  'http://jabber.org/protocol/caps',
  'http://jabber.org/protocol/disco#info',
];

test('the simple example of XEP-0115 §5.2 has its verification string', () => {
  const identities = [{ category: 'client', type: 'pc', name: 'Exodus 0.9.1' }];
  expect(verificationString({ identities, features })).toBe('QgayPKawpkPSDYmwT/WM94uAlu0=');
  const element = capabilitiesElement({ identities, features });
  expect(element.attrs).toMatchObject({ hash: 'sha-1', ver: 'QgayPKawpkPSDYmwT/WM94uAlu0=' });
});

test('the complex example of XEP-0115 §5.3 has its verification string', () => {
  expect(
    verificationString({
      identities: [
        { category: 'client', type: 'pc', name: 'Psi 0.11', language: 'en' },
        { category: 'client', type: 'pc', name: 'Ψ 0.11', language: 'el' },
      ],
      features,
      forms: [
        {
          formType: 'urn:xmpp:dataforms:softwareinfo',
          fields: [
            { name: 'software_version', values: ['0.11'] },
            { name: 'software', values: ['Psi'] },
            { name: 'os_version', values: ['10.5.1'] },
            { name: 'os', values: ['Mac'] },
            { name: 'ip_version', values: ['ipv6', 'ipv4'] },
          ],
        },
      ],
    }),
  ).toBe('q07IKJEyjvHSyhy//CH0CxmKi8w=');
});
