import { expect, it } from 'vitest';
import { endpointFault } from '../endpoint-address.ts';
import { guessedEndpoints } from './guessed-endpoints.ts';

it('guesses on the domain’s own name only, and over HTTPS', () => {
  const guesses = guessedEndpoints('chat.example');
  expect(guesses[0]).toBe('https://chat.example/http-bind');
  for (const url of guesses.map((guess) => new URL(guess))) {
    expect(url.hostname).toBe('chat.example');
    expect(url.protocol).toBe('https:');
    expect(endpointFault(url)).toBeUndefined();
  }
});
