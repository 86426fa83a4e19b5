/**
 * The page's way to the main process: one function for each command and one to listen. Runs sandboxed;
 * no Electron object and no event object passes through it (security checklist 20).
 */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { commandNames } from '../../../shared/contract/commands.ts';
import type { DesktopApi } from '../../../shared/contract/desktop-api.ts';
import type { HostEvent } from '../../../shared/contract/events.ts';
import { channels } from './channels.ts';

let subscriptions = 0;

const api = {
  commands: Object.fromEntries(
    commandNames.map((name) => [
      name,
      (input: unknown) => ipcRenderer.invoke(channels.run, name, input),
    ]),
  ) as DesktopApi['commands'],
  subscribe(listener) {
    subscriptions += 1;
    const subscription = subscriptions;
    const hear = (_event: IpcRendererEvent, of: number, event: HostEvent) => {
      if (of === subscription) listener(event);
    };
    ipcRenderer.on(channels.event, hear);
    void ipcRenderer.invoke(channels.subscribe, subscription);
    return () => {
      ipcRenderer.off(channels.event, hear);
      void ipcRenderer.invoke(channels.unsubscribe, subscription);
    };
  },
} satisfies DesktopApi;

contextBridge.exposeInMainWorld('holdfast', api);
