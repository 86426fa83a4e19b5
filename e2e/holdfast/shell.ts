/**
 * Holdfast with a window, as the specs use it: the browser shell in Chromium, or the desktop shell in
 * Electron where `HOLDFAST_SHELL=desktop` says so. The same specs run on either.
 */
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { root } from '../../build/bundle.ts';
import { type RunningHoldfast, startHoldfast } from './start-holdfast.ts';

export interface Shell {
  readonly dataFolder: string;
  /** Electron's main process, where this is the desktop shell. @throws Error where it is not. */
  readonly electron: ElectronApplication;
  /** The window; another one after each start. */
  readonly page: Page;
  /** Starts on the data folder, with this beside the environment, and opens the window. */
  start(environment?: Readonly<Record<string, string>>): Promise<void>;
  /** SIGKILL to the process that holds the host. */
  kill(): Promise<void>;
  /** Quits as a person would; the BOSH session can be gone on with. */
  quit(): Promise<void>;
}

export type ShellKind = 'browser' | 'desktop';

export function shellKind(): ShellKind {
  return process.env.HOLDFAST_SHELL === 'desktop' ? 'desktop' : 'browser';
}

/** @param newPage opens a page in Chromium; unused on the desktop. */
export function createShell(dataFolder: string, newPage: () => Promise<Page>): Shell {
  return shellKind() === 'desktop'
    ? new DesktopShell(dataFolder)
    : new BrowserShell(dataFolder, newPage);
}

class BrowserShell implements Shell {
  readonly dataFolder: string;
  readonly #newPage: () => Promise<Page>;
  #running: RunningHoldfast | undefined;
  #page: Page | undefined;

  constructor(dataFolder: string, newPage: () => Promise<Page>) {
    this.dataFolder = dataFolder;
    this.#newPage = newPage;
  }

  get electron(): never {
    throw new Error('the browser shell is no Electron');
  }

  get page(): Page {
    if (!this.#page) throw new Error('Holdfast has not been started');
    return this.#page;
  }

  async start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#running = await startHoldfast({
      ...{ dataFolder: this.dataFolder, temporary: true, environment },
    });
    await this.#page?.close();
    this.#page = await this.#newPage();
    await this.#page.goto(this.#running.link);
  }

  async kill(): Promise<void> {
    await this.#running?.process.kill();
  }

  async quit(): Promise<void> {
    await this.#running?.process.stop();
  }
}

class DesktopShell implements Shell {
  readonly dataFolder: string;
  #application: ElectronApplication | undefined;
  #page: Page | undefined;

  constructor(dataFolder: string) {
    this.dataFolder = dataFolder;
  }

  get electron(): ElectronApplication {
    if (!this.#application) throw new Error('Holdfast has not been started');
    return this.#application;
  }

  get page(): Page {
    if (!this.#page) throw new Error('Holdfast has not been started');
    return this.#page;
  }

  async start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#application = await _electron.launch({
      env: { ...(process.env as Record<string, string>), ...environment },
      args: [root, `--data-dir=${this.dataFolder}`],
      cwd: root,
      ...(process.env.HOLDFAST_ELECTRON === undefined
        ? {}
        : { executablePath: process.env.HOLDFAST_ELECTRON }),
    });
    // Nobody can press a button of the system's own dialog, such as where there is no keychain: the first is taken.
    await this.#application.evaluate(({ dialog }) => {
      dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
    });
    this.#page = await this.#application.firstWindow();
  }

  async kill(): Promise<void> {
    const closed = this.#application?.waitForEvent('close');
    this.#application?.process().kill('SIGKILL');
    await closed;
  }

  async quit(): Promise<void> {
    await this.#application?.close();
  }
}
