/**
 * Answers the page's messages: commands go to the host, events go to whoever listens. Every message is
 * taken only from the main frame of our own page (security checklist 17).
 */
import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import type { HostPort } from '../../../shared/contract/bridge.ts';
import { channels } from './channels.ts';
import { isPageUrl } from './page-protocol.ts';

/** Connects a host with all windows, present and future. */
export function answerPage(ipcMain: Pick<IpcMain, 'handle'>, host: HostPort): void {
  const listening = new Map<WebContents, Map<number, () => void>>();

  /** What this page listens to; ends when the page is replaced, dies or is closed. */
  function subscriptionsOf(contents: WebContents): Map<number, () => void> {
    const known = listening.get(contents);
    if (known) return known;
    const subscriptions = new Map<number, () => void>();
    listening.set(contents, subscriptions);
    const endAll = () => {
      for (const stop of subscriptions.values()) stop();
      subscriptions.clear();
    };
    contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) endAll();
    });
    contents.on('render-process-gone', endAll);
    contents.once('destroyed', () => {
      endAll();
      listening.delete(contents);
    });
    return subscriptions;
  }

  ipcMain.handle(channels.run, (event, name: unknown, input: unknown) => {
    checkSender(event);
    return host.run(String(name), input);
  });

  ipcMain.handle(channels.subscribe, (event, subscription: unknown) => {
    checkSender(event);
    const number = Number(subscription);
    const contents = event.sender;
    const subscriptions = subscriptionsOf(contents);
    subscriptions.get(number)?.();
    subscriptions.set(
      number,
      host.subscribe((hostEvent) => {
        if (!contents.isDestroyed()) contents.send(channels.event, number, hostEvent);
      }),
    );
  });

  ipcMain.handle(channels.unsubscribe, (event, subscription: unknown) => {
    checkSender(event);
    const subscriptions = subscriptionsOf(event.sender);
    subscriptions.get(Number(subscription))?.();
    subscriptions.delete(Number(subscription));
  });
}

function checkSender({ senderFrame }: IpcMainInvokeEvent): void {
  // The frame is null once it is gone.
  if (senderFrame && senderFrame.parent === null && isPageUrl(senderFrame.url)) return;
  throw new Error('Only the page of Holdfast may ask this.');
}
