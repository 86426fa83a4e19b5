import { expect, it } from 'vitest';
import { counted } from './plural.ts';

it('puts a count before the form that goes with it', () => {
  expect(counted(1, 'message', 'messages')).toBe('1 message');
  expect(counted(0, 'message', 'messages')).toBe('0 messages');
  expect(counted(1200, 'message', 'messages')).toBe('1,200 messages');
});
