/** What is known about a person's availability, in words (RFC 6121 §4.7.2.1). Pure. */
import type { Contact, Show } from '../../shared/contract/records.ts';

const WORDS: Readonly<Record<Show, string>> = {
  online: 'Online',
  chat: 'Free to chat',
  away: 'Away',
  xa: 'Away for longer',
  dnd: 'Do not disturb',
  offline: 'Offline',
};

/** Presence with the person's own words after it, or why it is not known. */
export function presenceWords(contact: Contact | undefined): string {
  if (!contact?.inRoster) return 'Not in your contacts';
  if (contact.subscription !== 'both' && contact.subscription !== 'to') {
    return contact.asked ? 'Waiting for their answer' : 'Does not share their presence';
  }
  const { show, status } = contact.presence;
  return status ? `${WORDS[show]} · ${status}` : WORDS[show];
}
