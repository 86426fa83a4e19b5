import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Http2Switch } from '../../host/http2-switch.ts';
import type { Secrets } from '../../host/secrets.ts';
import { createFakeHost, type FakeHost, notice } from '../host.fake.ts';
import type { DesktopShellParts } from './desktop-shell.ts';
import {
  createContentsDouble,
  createElectronDouble,
  createSessionDouble,
  messageFrom,
} from './electron.fake.ts';

let double: ReturnType<typeof createElectronDouble>;
let folder: string;
let host: FakeHost;

const keyFile: Secrets = {
  protection: 'key-file',
  seal: async (secret) => secret,
  unseal: async (sealed) => sealed,
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'desktop-shell-'));
  writeFileSync(join(folder, 'index.html'), '<title>Holdfast</title>');
  double = createElectronDouble();
  double.userData.path = folder;
  host = createFakeHost();
  vi.resetModules();
  vi.doMock('electron', () => ({ ...double.electron, default: double.electron }));
});

afterEach(() => {
  vi.doUnmock('electron');
  rmSync(folder, { recursive: true });
});

async function run(startHost: DesktopShellParts['startHost'] = async () => host) {
  const { runDesktopShell } = await import('./desktop-shell.ts');
  await runDesktopShell({
    pageFolder: folder,
    preload: '/preload.cjs',
    openKeyFile: async () => keyFile,
    startHost,
  });
  return double;
}

describe('before the application is ready', () => {
  it('the sandbox is switched on and the scheme registered', async () => {
    const { happened, schemes } = await run();
    expect(happened).toEqual(['enableSandbox', 'registerSchemes', 'ready']);
    expect(schemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
      },
    ]);
  });

  it('a second instance goes away without touching anything', async () => {
    double.electron.app.requestSingleInstanceLock.mockReturnValue(false);
    const { electron, happened, windows } = await run();
    expect(electron.app.quit).toHaveBeenCalledOnce();
    expect(happened).toEqual([]);
    expect(windows).toEqual([]);
  });

  it('another data folder is another instance', async () => {
    const other = join(folder, 'other');
    double.electron.app.commandLine.getSwitchValue.mockReturnValue(other);
    const { electron } = await run();
    expect(electron.app.setPath).toHaveBeenCalledWith('userData', other);
    expect(electron.app.setPath.mock.invocationCallOrder[0]).toBeLessThan(
      electron.app.requestSingleInstanceLock.mock.invocationCallOrder[0] ?? 0,
    );
  });
});

describe('HTTP/2', () => {
  it('is switched off from the next start on, before Chromium is ready, and on again', async () => {
    const starts: Http2Switch[] = [];
    const start = async () => {
      vi.resetModules();
      double.electron.app.commandLine.appendSwitch.mockClear();
      await run(async (_folder, _secrets, http2) => {
        starts.push(http2);
        return host;
      });
      return double.electron.app.commandLine.appendSwitch.mock.calls;
    };
    expect(await start()).toEqual([]);
    starts[0]?.switchOff(true);
    expect(starts[0]?.http2).toEqual({ isOff: false, willBeOff: true });
    expect(await start()).toEqual([['disable-http2']]);
    expect(starts[1]?.http2).toEqual({ isOff: true, willBeOff: true });
    starts[1]?.switchOff(false);
    expect(await start()).toEqual([]);
  });
});

describe('the window', () => {
  it('is sandboxed, isolated and without Node', async () => {
    const { windows } = await run();
    expect(windows).toHaveLength(1);
    expect(windows[0]?.options.webPreferences).toEqual({
      preload: '/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      devTools: false,
    });
  });

  it('loads the page and nothing else', async () => {
    const { windows } = await run();
    expect(windows[0]?.loadURL.mock.calls).toEqual([['app://holdfast/']]);
  });

  it('comes to the front when Holdfast is started again', async () => {
    const { electron, windows } = await run();
    electron.app.emit('second-instance');
    expect(windows[0]?.restore).toHaveBeenCalledOnce();
    expect(windows[0]?.focus).toHaveBeenCalledOnce();
  });

  it('opens where it was closed', async () => {
    const first = await run();
    first.windows[0]?.emit('close');
    expect(JSON.parse(readFileSync(join(folder, 'window.json'), 'utf8'))).toEqual({
      bounds: { x: 10, y: 20, width: 800, height: 600 },
      maximized: true,
    });
    vi.resetModules();
    const { windows } = await run();
    expect(windows[1]?.options).toMatchObject({ x: 10, y: 20, width: 800, height: 600 });
    expect(windows[1]?.maximize).toHaveBeenCalledOnce();
  });

  it('ends the application when it is closed, except on macOS', async () => {
    const { electron } = await run();
    electron.app.emit('window-all-closed');
    expect(electron.app.quit).toHaveBeenCalledTimes(process.platform === 'darwin' ? 0 : 1);
  });
});

describe('whatever a page tries', () => {
  async function guardedContents() {
    const { electron } = await run();
    const contents = createContentsDouble();
    electron.app.emit('web-contents-created', {}, contents);
    return contents;
  }

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])(
    '%s leads nowhere but to its own origin',
    async (name) => {
      const contents = await guardedContents();
      const leads = (url: string) => {
        const preventDefault = vi.fn();
        contents.emit(name, { url, preventDefault });
        return preventDefault.mock.calls.length === 0;
      };
      expect(leads('app://holdfast/')).toBe(true);
      expect(leads('app://holdfast/chats')).toBe(true);
      expect(leads('https://example.org/')).toBe(false);
      expect(leads('app://holdfast.example.org/')).toBe(false);
      expect(leads('app://holdfast@example.org/')).toBe(false);
      expect(leads('app://other/')).toBe(false);
      expect(leads('file:///etc/passwd')).toBe(false);
      expect(leads('javascript:alert(1)')).toBe(false);
      expect(leads('not an address')).toBe(false);
    },
  );

  it('a webview is not attached', async () => {
    const contents = await guardedContents();
    const preventDefault = vi.fn();
    contents.emit('will-attach-webview', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  });

  it.each([
    ['https://example.org/', true],
    ['http://example.org/', true],
    ['mailto:juliet@example.org', true],
    ['xmpp:juliet@example.org', true],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['smb://server/share', false],
    ['app://holdfast/', false],
    ['not an address', false],
  ])('%s opens no window, and outside: %s', async (url, opensOutside) => {
    const contents = await guardedContents();
    const answer = contents.opening.handler?.({ url } as never);
    expect(answer).toEqual({ action: 'deny' });
    expect(double.electron.shell.openExternal.mock.calls).toEqual(opensOutside ? [[url]] : []);
  });

  it('no permission is granted but copying text, and that to our page alone', async () => {
    const { electron } = await run();
    const session = createSessionDouble();
    electron.app.emit('session-created', session);
    const { request, check, device } = session.installed;
    const asked = (permission: string, url: string) => {
      let granted: boolean | undefined;
      request?.(
        { getURL: () => url } as never,
        permission as never,
        (answer) => {
          granted = answer;
        },
        {} as never,
      );
      return [granted, check?.(null, permission as never, url, {} as never)];
    };
    expect(asked('clipboard-sanitized-write', 'app://holdfast/')).toEqual([true, true]);
    expect(asked('clipboard-sanitized-write', 'https://example.org/')).toEqual([false, false]);
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'display-capture',
      'openExternal',
      'fileSystem',
      'usb',
      'unknown',
    ]) {
      expect(asked(permission, 'app://holdfast/')).toEqual([false, false]);
    }
    expect(device?.()).toBe(false);
  });
});

describe('app://', () => {
  const request = async (address: string) => {
    const { electron } = await run();
    return electron.session.defaultSession.installed.page?.(new Request(address) as never);
  };

  it('serves the page with its policy', async () => {
    const answer = await request('app://holdfast/');
    expect(answer?.status).toBe(200);
    expect(answer?.headers.get('content-security-policy')).toMatch(/^default-src 'none'/u);
  });

  it('serves avatars from the host', async () => {
    expect((await request('app://holdfast/avatars/one/abc'))?.headers.get('content-type')).toBe(
      'image/png',
    );
  });

  it('has no other host', async () => {
    expect((await request('app://other/'))?.status).toBe(404);
  });
});

describe('messages of the page', () => {
  const invoke = (channel: string, event: ReturnType<typeof messageFrom>, ...message: unknown[]) =>
    Promise.resolve().then(() => double.handlers.get(channel)?.(event, ...message));

  it('run commands in the host', async () => {
    await run();
    const result = await invoke('holdfast:run', messageFrom(createContentsDouble()), 'chats.open', {
      jid: 'a@b',
    });
    expect(result).toEqual({ ok: true, value: {} });
    expect(host.asked).toEqual([{ name: 'chats.open', input: { jid: 'a@b' } }]);
  });

  it.each([
    ['another origin', { url: 'https://example.org/' }],
    ['another host under the scheme', { url: 'app://other/' }],
    ['a frame inside the page', { parent: {} as never }],
    ['a frame that is gone', null],
  ])('are refused on every channel from %s', async (_words, frame) => {
    await run();
    expect([...double.handlers.keys()]).toEqual([
      'holdfast:run',
      'holdfast:subscribe',
      'holdfast:unsubscribe',
    ]);
    for (const channel of double.handlers.keys()) {
      await expect(
        invoke(channel, messageFrom(createContentsDouble(), frame), 1, {}),
      ).rejects.toThrow('Only the page of Holdfast');
    }
    expect(host.asked).toEqual([]);
    expect(host.listeners.size).toBe(0);
  });

  it('begin and end listening', async () => {
    await run();
    const contents = createContentsDouble();
    await invoke('holdfast:subscribe', messageFrom(contents), 7);
    host.emit(notice('one'));
    await invoke('holdfast:unsubscribe', messageFrom(contents), 7);
    host.emit(notice('two'));
    expect(contents.sent).toEqual([
      ['holdfast:event', 7, { type: 'snapshot', snapshot: { accounts: [], notices: [] } }],
      ['holdfast:event', 7, notice('one')],
    ]);
    expect(host.listeners.size).toBe(0);
  });

  it.each([
    ['is loaded again', 'did-start-navigation', { isMainFrame: true, isSameDocument: false }],
    ['dies', 'render-process-gone', {}],
    ['is closed', 'destroyed', {}],
  ])('end listening when the page %s', async (_words, name, details) => {
    await run();
    const contents = createContentsDouble();
    await invoke('holdfast:subscribe', messageFrom(contents), 1);
    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true });
    expect(host.listeners.size).toBe(1);
    contents.emit(name, details);
    expect(host.listeners.size).toBe(0);
  });
});

describe('sleep', () => {
  it('is told to the host before it, and when it is over', async () => {
    const { electron } = await run();
    electron.powerMonitor.emit('suspend');
    electron.powerMonitor.emit('resume');
    expect(host.power).toEqual(['sleep', 'wake']);
  });
});

describe('quitting', () => {
  it('waits for the host to close, once', async () => {
    const { electron } = await run();
    const quit = new Promise<void>((resolve) => electron.app.quit.mockImplementation(resolve));
    const preventDefault = vi.fn();
    electron.app.emit('before-quit', { preventDefault });
    electron.app.emit('before-quit', { preventDefault });
    await quit;
    expect(preventDefault).toHaveBeenCalledTimes(2);
    expect(host.closed).toBe(true);
    electron.app.emit('before-quit', { preventDefault });
    expect(preventDefault).toHaveBeenCalledTimes(2);
    expect(electron.app.quit).toHaveBeenCalledOnce();
  });
});

describe('a host that cannot start', () => {
  it('is explained, and the application ends', async () => {
    // The module the shell sees: modules are loaded afresh for each test.
    const { ProblemError } = await import('../../../shared/problem.ts');
    const { electron, windows } = await run(async () => {
      throw new ProblemError({
        code: 'app.store-in-use',
        source: 'app',
        message: 'Already running.',
        advice: 'Close it first.',
        retry: 'never',
      });
    });
    expect(electron.dialog.showErrorBox).toHaveBeenCalledWith(
      'Already running.',
      'Close it first.',
    );
    expect(electron.app.exit).toHaveBeenCalledWith(1);
    expect(windows).toEqual([]);
  });
});

describe('the menu', () => {
  const roles = (template: unknown): unknown[] =>
    JSON.stringify(template)
      .match(/"role":"\w+"/gu)
      ?.map((role) => role.slice(8, -1)) ?? [];

  it('offers editing and zooming, and reloading only while developing', async () => {
    const { electron, menu } = await run();
    expect(roles(menu())).toEqual(expect.arrayContaining(['editMenu', 'resetZoom', 'zoomIn']));
    expect(roles(menu())).not.toContain('reload');
    expect(roles(menu())).not.toContain('toggleDevTools');
    electron.app.isPackaged = false;
    vi.resetModules();
    await run();
    expect(roles(menu())).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']));
  });
});
