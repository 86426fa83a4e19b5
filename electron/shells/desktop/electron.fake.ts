/**
 * Stands in for the `electron` module in the tests of the desktop shell: what the shell uses of it, typed by
 * the real typings, and what the tests look at afterwards. Bring it in with `vi.mock('electron', …)`.
 */
import { EventEmitter } from 'node:events';
import type {
  App,
  BrowserWindowConstructorOptions,
  ContextBridge,
  CustomScheme,
  Dialog,
  IpcMain,
  IpcMainInvokeEvent,
  IpcRenderer,
  MenuItemConstructorOptions,
  Protocol,
  SafeStorage,
  Screen,
  Session,
  Shell,
  WebContents,
  WebFrameMain,
} from 'electron';
import { vi } from 'vitest';

type PermissionRequestHandler = NonNullable<Parameters<Session['setPermissionRequestHandler']>[0]>;
type PermissionCheckHandler = NonNullable<Parameters<Session['setPermissionCheckHandler']>[0]>;
type WindowOpenHandler = Parameters<WebContents['setWindowOpenHandler']>[0];
type Handler = Parameters<IpcMain['handle']>[1];

/** One application, made afresh for each test. */
export function createElectronDouble() {
  const userData = { path: '' };
  /** What happened, in order, where the order matters. */
  const happened: string[] = [];

  const app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    commandLine: { getSwitchValue: vi.fn(() => ''), appendSwitch: vi.fn() },
    enableSandbox: vi.fn(() => void happened.push('enableSandbox')),
    requestSingleInstanceLock: vi.fn(() => true),
    whenReady: vi.fn(async () => void happened.push('ready')),
    setPath: vi.fn((_name: string, path: string) => {
      userData.path = path;
    }),
    getPath: vi.fn(() => userData.path),
    quit: vi.fn(),
    exit: vi.fn(),
  } satisfies Partial<Record<keyof App, unknown>>);

  const handlers = new Map<string, Handler>();
  const ipcMain = {
    handle: vi.fn((channel: string, handler: Handler) => void handlers.set(channel, handler)),
  } satisfies Partial<Record<keyof IpcMain, unknown>>;

  const schemes: CustomScheme[] = [];
  const protocol = {
    registerSchemesAsPrivileged: vi.fn((added: CustomScheme[]) => {
      happened.push('registerSchemes');
      schemes.push(...added);
    }),
  } satisfies Partial<Record<keyof Protocol, unknown>>;

  const defaultSession = createSessionDouble();
  const session = { defaultSession };

  const windows: BrowserWindowDouble[] = [];
  class BrowserWindowDouble extends EventEmitter {
    readonly options: BrowserWindowConstructorOptions;
    readonly loadURL = vi.fn(async (_address: string) => {});
    readonly show = vi.fn();
    readonly focus = vi.fn();
    readonly restore = vi.fn();
    readonly maximize = vi.fn();
    readonly isMinimized = vi.fn(() => true);
    readonly isMaximized = vi.fn(() => true);
    readonly getNormalBounds = vi.fn(() => ({ x: 10, y: 20, width: 800, height: 600 }));

    constructor(options: BrowserWindowConstructorOptions) {
      super();
      this.options = options;
      windows.push(this);
    }
  }

  let menu: MenuItemConstructorOptions[] = [];
  const Menu = {
    buildFromTemplate: vi.fn((template: MenuItemConstructorOptions[]) => template),
    setApplicationMenu: vi.fn((template: MenuItemConstructorOptions[]) => {
      menu = template;
    }),
  };

  const shell = { openExternal: vi.fn(async () => {}) } satisfies Partial<
    Record<keyof Shell, unknown>
  >;
  const dialog = {
    showErrorBox: vi.fn(),
    showMessageBox: vi.fn(async () => ({ response: 1, checkboxChecked: false })),
  } satisfies Partial<Record<keyof Dialog, unknown>>;
  const screen = {
    getAllDisplays: vi.fn(() => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }]),
  } satisfies Partial<Record<keyof Screen, unknown>>;
  const safeStorage = createSafeStorageDouble();
  const exposed: Record<string, unknown> = {};
  const contextBridge = {
    exposeInMainWorld: vi.fn((name: string, api: unknown) => {
      exposed[name] = api;
    }),
  } satisfies Partial<Record<keyof ContextBridge, unknown>>;
  const ipcRenderer = Object.assign(new EventEmitter(), {
    invoke: vi.fn(async (..._message: Parameters<IpcRenderer['invoke']>): Promise<unknown> => {
      return { ok: true, value: {} };
    }),
  });

  return {
    /** The module. */
    electron: {
      app,
      BrowserWindow: BrowserWindowDouble,
      contextBridge,
      dialog,
      ipcMain,
      ipcRenderer,
      Menu,
      powerMonitor: new EventEmitter(),
      protocol,
      safeStorage,
      screen,
      session,
      shell,
    },
    exposed,
    handlers,
    happened,
    schemes,
    userData,
    windows,
    menu: () => menu,
  };
}

/** A session that remembers its handlers. */
export function createSessionDouble() {
  const installed: {
    request?: PermissionRequestHandler;
    check?: PermissionCheckHandler;
    device?: () => boolean;
    page?: Parameters<Protocol['handle']>[1];
  } = {};
  return {
    installed,
    setPermissionRequestHandler: (handler: PermissionRequestHandler) => {
      installed.request = handler;
    },
    setPermissionCheckHandler: (handler: PermissionCheckHandler) => {
      installed.check = handler;
    },
    setDevicePermissionHandler: (handler: () => boolean) => {
      installed.device = handler;
    },
    protocol: {
      handle: (_scheme: string, handler: Parameters<Protocol['handle']>[1]) => {
        installed.page = handler;
      },
    },
  };
}

/** The contents of a window, with a way to see what was sent to it. */
export function createContentsDouble() {
  const opening: { handler?: WindowOpenHandler } = {};
  return Object.assign(new EventEmitter(), {
    opening,
    sent: [] as unknown[][],
    getURL: () => 'app://holdfast/',
    isDestroyed: () => false,
    send(...message: unknown[]) {
      this.sent.push(message);
    },
    setWindowOpenHandler(handler: WindowOpenHandler) {
      opening.handler = handler;
    },
  });
}

/** A message from the page, or from something that is not the page. */
export function messageFrom(
  contents: ReturnType<typeof createContentsDouble>,
  frame: Partial<Pick<WebFrameMain, 'url' | 'parent'>> | null = {},
): IpcMainInvokeEvent {
  const senderFrame = frame && { url: 'app://holdfast/', parent: null, ...frame };
  return { sender: contents, senderFrame } as unknown as IpcMainInvokeEvent;
}

/** A keychain that turns a text round. */
export function createSafeStorageDouble() {
  const reverse = (text: string) => [...text].reverse().join('');
  return {
    isAsyncEncryptionAvailable: vi.fn<SafeStorage['isAsyncEncryptionAvailable']>(async () => true),
    getSelectedStorageBackend: vi.fn<SafeStorage['getSelectedStorageBackend']>(
      () => 'gnome_libsecret',
    ),
    encryptStringAsync: vi.fn<SafeStorage['encryptStringAsync']>(async (text) =>
      Buffer.from(reverse(text)),
    ),
    decryptStringAsync: vi.fn<SafeStorage['decryptStringAsync']>(async (bytes) => ({
      result: reverse(bytes.toString()),
      shouldReEncrypt: false,
    })),
  };
}
