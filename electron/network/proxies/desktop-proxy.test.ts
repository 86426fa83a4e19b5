import { describe, expect, it } from 'vitest';
import { type Desktop, readDesktopProxy } from './desktop-proxy.ts';

/** A desktop whose programs print this; what was started is noted. */
function desktop(
  platform: NodeJS.Platform,
  environment: Desktop['environment'],
  output: string | undefined,
): Desktop & { started: string[] } {
  const started: string[] = [];
  return {
    ...{ platform, environment, started },
    async read(program, parameters) {
      started.push([program, ...parameters].join(' '));
      return output;
    },
  };
}

const gnome = (lines: string) =>
  readDesktopProxy(desktop('linux', { XDG_CURRENT_DESKTOP: 'ubuntu:GNOME' }, lines));
const windows = (lines: string) => readDesktopProxy(desktop('win32', {}, lines));

describe('GNOME', () => {
  const manual = `org.gnome.system.proxy autoconfig-url ''
org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '::1']
org.gnome.system.proxy mode 'manual'
org.gnome.system.proxy use-same-proxy true
org.gnome.system.proxy.ftp host ''
org.gnome.system.proxy.ftp port 0
org.gnome.system.proxy.http host 'http-only.example'
org.gnome.system.proxy.http port 8080
org.gnome.system.proxy.https host 'proxy.example'
org.gnome.system.proxy.https port 3128
org.gnome.system.proxy.socks host 'socks.example'
org.gnome.system.proxy.socks port 1080
`;

  it('names a proxy', async () => {
    expect(await gnome(manual)).toEqual({
      proxy: { scheme: 'http', host: 'proxy.example', port: 3128 },
      bypass: ['localhost', '127.0.0.0/8', '::1'],
    });
  });

  it('names a SOCKS proxy where there is no other', async () => {
    expect(await gnome(manual.replace("'proxy.example'", "''"))).toMatchObject({
      proxy: { scheme: 'socks5', host: 'socks.example', port: 1080 },
    });
  });

  it('names a script', async () => {
    const script = manual
      .replace("'manual'", "'auto'")
      .replace("autoconfig-url ''", "autoconfig-url 'http://pac.example/p.pac'");
    expect(await gnome(script)).toEqual({ pac: 'http://pac.example/p.pac' });
    expect(await gnome("org.gnome.system.proxy mode 'auto'")).toEqual({
      pac: 'http://wpad/wpad.dat',
    });
  });

  it('says nothing with its proxies off, and where it is not there', async () => {
    expect(await gnome(manual.replace("'manual'", "'none'"))).toBeUndefined();
    const absent = desktop('linux', { XDG_CURRENT_DESKTOP: 'GNOME' }, undefined);
    expect(await readDesktopProxy(absent)).toBeUndefined();
  });
});

describe('KDE', () => {
  const read = (file: string) => {
    const kde = desktop('linux', { XDG_CURRENT_DESKTOP: 'KDE', HOME: '/home/me' }, file);
    return readDesktopProxy(kde).then((proxy) => ({ proxy, started: kde.started }));
  };
  const file = (lines: string) => `[$Version]
update_info=x
[Proxy Settings]
${lines}
[Other]
ProxyType=0
`;

  it('names a proxy by the file of the person', async () => {
    expect(
      await read(
        file('NoProxyFor=a.example,b.example\nProxyType=1\nhttpsProxy=http://p.example 3128'),
      ),
    ).toEqual({
      started: ['cat /home/me/.config/kioslaverc'],
      proxy: {
        proxy: { scheme: 'http', host: 'p.example', port: 3128 },
        bypass: ['a.example', 'b.example'],
      },
    });
  });

  it('names a SOCKS proxy, a script, and one to be looked for', async () => {
    expect(
      (await read(file('ProxyType=1\nsocksProxy=socks://s.example 1080'))).proxy,
    ).toMatchObject({ proxy: { scheme: 'socks5', host: 's.example' } });
    expect(
      (await read(file('Proxy Config Script[$e]=http://pac.example/p.pac\nProxyType=2'))).proxy,
    ).toEqual({ pac: 'http://pac.example/p.pac' });
    expect((await read(file('ProxyType=3'))).proxy).toEqual({ pac: 'http://wpad/wpad.dat' });
  });

  it.each(['ProxyType=0', 'ProxyType=4', 'ProxyType=1', ''])(
    'says nothing by %j',
    async (lines) => {
      expect((await read(file(lines))).proxy).toBeUndefined();
    },
  );
});

describe('macOS', () => {
  const read = (lines: string) =>
    readDesktopProxy(desktop('darwin', {}, `<dictionary> {\n${lines}\n}\n`));
  const https = `  ExceptionsList : <array> {
    0 : *.local
    1 : 169.254/16
  }
  ExcludeSimpleHostnames : 1
  HTTPSEnable : 1
  HTTPSPort : 3128
  HTTPSProxy : proxy.example
  SOCKSEnable : 0`;

  it('names a proxy and what goes past it', async () => {
    expect(await read(https)).toEqual({
      proxy: { scheme: 'http', host: 'proxy.example', port: 3128 },
      bypass: ['*.local', '169.254/16', '<local>'],
    });
  });

  it('names a script, before anything else', async () => {
    expect(
      await read(
        `${https}\n  ProxyAutoConfigEnable : 1\n  ProxyAutoConfigURLString : http://pac.example/p.pac`,
      ),
    ).toEqual({ pac: 'http://pac.example/p.pac' });
    expect(await read('  ProxyAutoDiscoveryEnable : 1')).toEqual({ pac: 'http://wpad/wpad.dat' });
  });

  it('says nothing where nothing is on', async () => {
    expect(await read(https.replace('HTTPSEnable : 1', 'HTTPSEnable : 0'))).toBeUndefined();
  });
});

describe('Windows', () => {
  const registry = (...values: string[]) =>
    `\r\nHKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\r\n${values
      .map((value) => `    ${value.replaceAll('|', '    ')}\r\n`)
      .join('')}`;

  it('names one proxy for everything', async () => {
    expect(
      await windows(
        registry(
          'ProxyEnable|REG_DWORD|0x1',
          'ProxyServer|REG_SZ|proxy.example:3128',
          'ProxyOverride|REG_SZ|*.intern;<local>',
        ),
      ),
    ).toEqual({
      proxy: { scheme: 'http', host: 'proxy.example', port: 3128 },
      bypass: ['*.intern', '<local>'],
    });
  });

  it('names one for each protocol', async () => {
    const by = (servers: string) =>
      windows(registry('ProxyEnable|REG_DWORD|0x1', `ProxyServer|REG_SZ|${servers}`));
    expect(await by('http=a:1;https=b:2;socks=c:3')).toMatchObject({
      proxy: { host: 'b', port: 2 },
    });
    expect(await by('http=a:1;socks=c:3')).toMatchObject({
      proxy: { scheme: 'socks5', host: 'c' },
    });
    expect(await by('http=a:1')).toBeUndefined();
  });

  it('names a script', async () => {
    expect(
      await windows(registry('ProxyEnable|REG_DWORD|0x0', 'AutoConfigURL|REG_SZ|http://pac/p.pac')),
    ).toEqual({ pac: 'http://pac/p.pac' });
  });

  it('says nothing with its proxy off', async () => {
    expect(
      await windows(registry('ProxyEnable|REG_DWORD|0x0', 'ProxyServer|REG_SZ|proxy.example:3128')),
    ).toBeUndefined();
  });
});

it('starts nothing where there is no desktop', async () => {
  const bare = desktop('linux', {}, 'anything');
  expect(await readDesktopProxy(bare)).toBeUndefined();
  expect(bare.started).toEqual([]);
});
