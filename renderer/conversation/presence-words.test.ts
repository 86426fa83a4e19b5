import { expect, it } from 'vitest';
import type { Contact } from '../../shared/contract/records.ts';
import { presenceWords } from './presence-words.ts';

const contact: Contact = {
  jid: 'ann@example.org',
  subscription: 'both',
  asked: false,
  request: false,
  inRoster: true,
  groups: [],
  presence: { show: 'away', status: 'At lunch' },
};

it('says the availability and the words the person gave', () => {
  expect(presenceWords(contact)).toBe('Away · At lunch');
  expect(presenceWords({ ...contact, presence: { show: 'dnd' } })).toBe('Do not disturb');
});

it('says why the availability is not known', () => {
  expect(presenceWords({ ...contact, subscription: 'none', asked: true })).toBe(
    'Waiting for their answer',
  );
  expect(presenceWords({ ...contact, subscription: 'from' })).toBe('Does not share their presence');
  expect(presenceWords({ ...contact, inRoster: false })).toBe('Not in your contacts');
  expect(presenceWords(undefined)).toBe('Not in your contacts');
});
