/** The names of the messages between the desktop shell's preload and its main process. */
export const channels = {
  /** invoke(name, input) → CommandResult */
  run: 'holdfast:run',
  /** invoke(subscription) */
  subscribe: 'holdfast:subscribe',
  /** invoke(subscription) */
  unsubscribe: 'holdfast:unsubscribe',
  /** send(subscription, event) to the page */
  event: 'holdfast:event',
} as const;
