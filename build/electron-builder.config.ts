/**
 * How the desktop shell is packaged: `npm run package` on the system it is for. The bundles hold every
 * package inside, so nothing but build/out goes in.
 */
import type { Configuration } from 'electron-builder';

const configuration: Configuration = {
  appId: 'org.holdfast.Holdfast',
  productName: 'Holdfast',
  copyright: 'GPL-3.0-or-later',
  directories: { output: 'build/out/packages', buildResources: 'build/icons' },
  files: ['package.json', 'LICENSE', 'build/out/{page,desktop}/**', '!node_modules/**'],
  asar: true,
  npmRebuild: false,
  // The fuses of the security checklist: the application can be used as itself and as nothing else.
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  },
  // Rendered from renderer/icon.svg at 1024 px; the other sizes and formats are made from it.
  icon: 'build/icons/icon.png',
  linux: {
    target: ['AppImage', 'deb'],
    category: 'Network;InstantMessaging;Chat',
    synopsis: 'Chat over XMPP through networks that let only web traffic out',
    maintainer: 'Holdfast maintainers <maintainers@holdfast.example>',
  },
  deb: { packageCategory: 'net' },
  win: { target: ['nsis'] },
  nsis: { oneClick: true, perMachine: false },
  mac: {
    target: ['dmg'],
    category: 'public.app-category.social-networking',
    hardenedRuntime: true,
    darkModeSupport: true,
  },
  // deb wants a page to point to; there is none yet but the protocol's own.
  extraMetadata: { homepage: 'https://xmpp.org/' },
};

export default configuration;
