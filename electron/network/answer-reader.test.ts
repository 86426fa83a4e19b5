import { describe, expect, it } from 'vitest';
import { problemOf } from '../../shared/problem.ts';
import { AnswerReader } from './answer-reader.ts';

function read(text: string, { cutAt = [] as number[], maxBytes = 1_000 } = {}) {
  const answer = new AnswerReader(maxBytes);
  const bytes = Buffer.from(text, 'latin1');
  const cuts = [0, ...cutAt, bytes.length];
  let isWhole = false;
  for (const [index, from] of cuts.slice(0, -1).entries()) {
    isWhole = answer.read(bytes.subarray(from, cuts[index + 1]));
  }
  return { answer, isWhole };
}

function codeOf(text: string): string {
  try {
    read(text);
  } catch (error) {
    return problemOf(error).code;
  }
  return 'none';
}

const GOOD = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: 1\r\nx-a: 2\r\n\r\nhello';

describe('an HTTP answer', () => {
  it('is whole with its last byte, however it is cut', () => {
    for (let cut = 1; cut < GOOD.length; cut += 1) {
      const { answer, isWhole } = read(GOOD, { cutAt: [cut] });
      expect(isWhole).toBe(true);
      expect(answer.bytes.toString()).toBe('hello');
      expect(answer.headers['x-a']).toBe('1, 2');
      expect(answer.bytesReceived).toBe(GOOD.length);
    }
    expect(read(GOOD.slice(0, -1)).isWhole).toBe(false);
  });

  it('is not what comes before it with an informational status', () => {
    const { answer, isWhole } = read(`HTTP/1.1 100 Continue\r\n\r\n${GOOD}`);
    expect(isWhole).toBe(true);
    expect(answer).toMatchObject({ status: 200, httpVersion: '1.1', keepsAlive: true });
  });

  it('stands when another follows unasked, and its connection is not used again', () => {
    const { answer, isWhole } = read(`${GOOD}HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno`);
    expect(isWhole).toBe(true);
    expect(answer).toMatchObject({ status: 200, keepsAlive: false });
    expect(answer.bytes.toString()).toBe('hello');
  });

  it('without a length ends with its connection, and only then', () => {
    const { answer, isWhole } = read('HTTP/1.0 200 OK\r\n\r\nhello');
    expect(isWhole).toBe(false);
    expect(answer.end()).toBe(true);
    expect(answer.bytes.toString()).toBe('hello');
  });

  it('with a length does not end before', () => {
    expect(read(GOOD.slice(0, -1)).answer.end()).toBe(false);
    expect(read('').answer.end()).toBe(false);
  });

  it.each([
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\nhello'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello'],
    ['another protocol', '220 mail.example ESMTP\r\n\r\n'],
  ])('is refused for %s', (_, text) => {
    expect(codeOf(text)).toBe('network.failed');
  });

  it.each([
    ['a body', 'HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n'],
    [
      'chunks',
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n${'x'.repeat(1_001)}\r\n`,
    ],
    ['a head', `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(70_000)}`],
  ])('is refused for %s that is too large', (_, text) => {
    expect(codeOf(text)).toBe('network.too-large');
  });
});
