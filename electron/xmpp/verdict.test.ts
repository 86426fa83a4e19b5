import xml from '@xmpp/xml';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../shared/problem.ts';
import { fingerprintOf, isBlamed, mayTry } from './verdict.ts';

const DAY = 24 * 60 * 60 * 1000;
const failed = { works: false, at: 0, reason: 'no answer', fingerprint: 'a' };

describe('trying', () => {
  it.each([
    ['what nobody has tried', undefined, 'a', 0, true],
    ['what works', { ...failed, works: true }, 'a', 0, true],
    ['what failed a moment ago', failed, 'a', 1, false],
    ['what failed almost a week ago', failed, 'a', 7 * DAY, false],
    ['what failed longer ago', failed, 'a', 7 * DAY + 1, true],
    ['what failed when it looked different', failed, 'b', 1, true],
  ])('%s', (_what, verdict, fingerprint, now, may) => {
    expect(mayTry(verdict, fingerprint, now)).toBe(may);
  });
});

describe('the look of an endpoint', () => {
  const granted = { ver: '1.11', wait: 60, authid: 'one' };
  const mechanism = (name: string) => xml('mechanism', {}, name);
  const features = (...names: string[]) =>
    xml('features', {}, xml('mechanisms', { xmlns: 'urn:sasl' }, ...names.map(mechanism)));

  it('is the same in every session', () => {
    const again = fingerprintOf({ ...granted, authid: 'two', stream: 'x' }, features('B', 'A'));
    expect(again).toBe(fingerprintOf(granted, features('A', 'B')));
  });

  it('changes with what is granted and what is offered', () => {
    const looks = [
      fingerprintOf(granted, features('A')),
      fingerprintOf({ ...granted, ver: '1.12' }, features('A')),
      fingerprintOf(granted, features('A', 'B')),
      fingerprintOf(granted, features()),
    ];
    expect(new Set(looks).size).toBe(looks.length);
  });
});

describe('blame for the end of a session', () => {
  const problem = (code: string, source: Problem['source']): Problem => {
    return { code, source, message: '', advice: '', retry: 'later' };
  };

  it.each([
    ['endpoint.internal-server-error', 'endpoint', true],
    ['endpoint.item-not-found', 'endpoint', true],
    ['server.not-authorized', 'server', true],
    ['network.server-error', 'network', true],
    ['network.bad-gateway', 'network', true],
    ['network.reset', 'network', false],
    ['network.html-answer', 'network', false],
    ['endpoint.system-shutdown', 'endpoint', false],
    ['endpoint.see-other-uri', 'endpoint', false],
    ['server.conflict', 'server', false],
    ['app.detached', 'app', false],
  ] as const)('%s: %s', (code, source, blamed) => {
    expect(isBlamed(problem(code, source))).toBe(blamed);
  });
});
