/** The one window of the desktop shell. */
import { join } from 'node:path';
import { app, BrowserWindow, screen } from 'electron';
import { PAGE_URL } from './page-protocol.ts';
import { MINIMUM_SIZE, readWindowState, usableBounds, writeWindowState } from './window-state.ts';

/** Opens the window where it was last time, and shows it once it has something to show. */
export function openMainWindow(preload: string): BrowserWindow {
  const stateFile = join(app.getPath('userData'), 'window.json');
  const kept = readWindowState(stateFile);
  const window = new BrowserWindow({
    ...usableBounds(kept?.bounds, screen.getAllDisplays()),
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    show: false,
    title: 'Holdfast',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      devTools: !app.isPackaged,
    },
  });
  if (kept?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    writeWindowState(stateFile, {
      bounds: window.getNormalBounds(),
      maximized: window.isMaximized(),
    });
  });
  void window.loadURL(PAGE_URL);
  return window;
}
