import { describe, expect, it, vi } from 'vitest';
import type { CommandResult } from '../../shared/contract/commands.ts';
import type { DesktopApi } from '../../shared/contract/desktop-api.ts';
import { createDesktopBridge } from './desktop-bridge.ts';

function bridgeTo(result: CommandResult<'chats.open'>) {
  const open = vi.fn(async () => result);
  const stop = vi.fn();
  const subscribe = vi.fn(() => stop);
  const api = { commands: { 'chats.open': open }, subscribe } as unknown as DesktopApi;
  return { bridge: createDesktopBridge(api), open, stop, subscribe };
}

const input = { accountId: 'one', jid: 'romeo@example.org' };

describe('the bridge of the desktop shell', () => {
  it('runs a command and gives its value', async () => {
    const { bridge, open } = bridgeTo({ ok: true, value: {} });
    expect(await bridge.commands['chats.open'](input)).toEqual({});
    expect(open).toHaveBeenCalledWith(input);
  });

  it('rejects with the problem of a command that failed', async () => {
    const problem = {
      code: 'app.unexpected',
      source: 'app',
      message: 'It failed.',
      advice: '',
      retry: 'never',
    } as const;
    const { bridge } = bridgeTo({ ok: false, problem });
    await expect(bridge.commands['chats.open'](input)).rejects.toMatchObject({ problem });
  });

  it('listens until it is told to stop', () => {
    const { bridge, stop, subscribe } = bridgeTo({ ok: true, value: {} });
    const listener = () => {};
    bridge.subscribe(listener)();
    expect(subscribe).toHaveBeenCalledWith(listener);
    expect(stop).toHaveBeenCalledOnce();
  });

  it('is linked from the start', () => {
    const { bridge } = bridgeTo({ ok: true, value: {} });
    const heard: boolean[] = [];
    bridge.onLink((connected) => heard.push(connected));
    expect(heard).toEqual([true]);
  });
});
