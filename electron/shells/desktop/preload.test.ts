import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commandNames } from '../../../shared/contract/commands.ts';
import type { DesktopApi } from '../../../shared/contract/desktop-api.ts';
import { notice } from '../host.fake.ts';
import { createElectronDouble } from './electron.fake.ts';

let double: ReturnType<typeof createElectronDouble>;
let api: DesktopApi;

beforeEach(async () => {
  double = createElectronDouble();
  vi.resetModules();
  vi.doMock('electron', () => double.electron);
  await import('./preload.ts');
  api = double.exposed.holdfast as DesktopApi;
});

afterEach(() => vi.doUnmock('electron'));

describe('what the page gets', () => {
  it('is one function for each command, one to listen, and nothing else', () => {
    expect(Object.keys(double.exposed)).toEqual(['holdfast']);
    expect(Object.keys(api)).toEqual(['commands', 'subscribe']);
    expect(Object.keys(api.commands)).toEqual(commandNames);
  });

  it('sends a command under its own name', async () => {
    await api.commands['chats.open']({ accountId: 'one', jid: 'a@b' });
    expect(double.electron.ipcRenderer.invoke).toHaveBeenCalledWith('holdfast:run', 'chats.open', {
      accountId: 'one',
      jid: 'a@b',
    });
  });

  it('hears events without the object Electron sends along', () => {
    const listener = vi.fn();
    api.subscribe(listener);
    expect(double.electron.ipcRenderer.invoke).toHaveBeenCalledWith('holdfast:subscribe', 1);
    double.electron.ipcRenderer.emit('holdfast:event', { sender: 'raw' }, 1, notice('one'));
    expect(listener.mock.calls).toEqual([[notice('one')]]);
  });

  it('hears its own subscription only, until it stops', () => {
    const [first, second] = [vi.fn(), vi.fn()];
    api.subscribe(first);
    const stop = api.subscribe(second);
    double.electron.ipcRenderer.emit('holdfast:event', {}, 2, notice('one'));
    stop();
    double.electron.ipcRenderer.emit('holdfast:event', {}, 2, notice('two'));
    expect(first).not.toHaveBeenCalled();
    expect(second.mock.calls).toEqual([[notice('one')]]);
    expect(double.electron.ipcRenderer.invoke).toHaveBeenLastCalledWith('holdfast:unsubscribe', 2);
  });
});
