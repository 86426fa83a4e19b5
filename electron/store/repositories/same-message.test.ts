import { describe, expect, it } from 'vitest';
import { isSameMessage } from './same-message.ts';

const HOUR = 60 * 60 * 1000;
const known = { body: 'hi', at: 1000 * HOUR };

describe('two copies with one message id', () => {
  it('are one message where the body is the same and the time near', () => {
    expect(isSameMessage(known, known, false)).toBe(true);
    expect(isSameMessage(known, { ...known, at: known.at + 20 * HOUR }, false)).toBe(true);
    expect(isSameMessage(known, { ...known, at: known.at - 20 * HOUR }, false)).toBe(true);
  });

  it('are two where the body is another: a client may use an id again', () => {
    expect(isSameMessage(known, { ...known, body: 'ho' }, false)).toBe(false);
  });

  it('are two where days lie between: a client may count its ids from one every morning', () => {
    expect(isSameMessage(known, { ...known, at: known.at + 25 * HOUR }, false)).toBe(false);
    expect(isSameMessage(known, { ...known, at: known.at - 25 * HOUR }, false)).toBe(false);
  });

  it('are one in any case where the id is our own', () => {
    expect(isSameMessage(known, { body: 'hi, stripped', at: 0 }, true)).toBe(true);
  });
});
