import { describe, expect, it } from 'vitest';
import {
  grantedAttributes,
  isProsodysOwn,
  shortSid,
  toleratesSwappedRequests,
} from './granted-attributes.ts';

describe('grantedAttributes', () => {
  it('reads every attribute of a session creation response', () => {
    const granted = {
      ...{ wait: '60', hold: '1', requests: '2', polling: '5', inactivity: '30', maxpause: '120' },
      ...{ ver: '1.10', ack: '100', from: 'example.com', accept: 'deflate,gzip', stream: 'one' },
      ...{ charsets: 'ISO_8859-1 ISO-2022-JP', authid: 'stream', secure: 'true' },
      ...{ 'xmpp:restartlogic': 'true', 'xmpp:version': '1.0' },
    };
    expect(grantedAttributes({ sid: 'SomeSID', ...granted }, 'SomeSID')).toEqual({
      ...{ wait: 60, hold: 1, requests: 2, polling: 5, inactivity: 30, maxpause: 120 },
      ...{ ver: '1.10', ack: '100', from: 'example.com', accept: 'deflate,gzip', stream: 'one' },
      ...{ charsets: 'ISO_8859-1 ISO-2022-JP', authid: 'stream', secure: 'true' },
      ...{ restartlogic: 'true', xmppVersion: '1.0' },
    });
  });

  it('keeps a version as it is written, since 1.10 comes after 1.9', () => {
    expect(grantedAttributes({ ver: '1.10' }, 's').ver).toBe('1.10');
  });

  it.each(['', 'x', '-1', '1.5', '0x10', '1e3', 'NaN', 'Infinity'])(
    'leaves out the number %j',
    (wait) => {
      expect(grantedAttributes({ wait }, 's')).toEqual({});
    },
  );

  it('grants no number that is too large for its type', () => {
    const huge = '9'.repeat(400);
    expect(
      grantedAttributes({ wait: huge, requests: huge, hold: '256', polling: '65536' }, 's'),
    ).toEqual({ wait: 65_535, requests: 255, hold: 255, polling: 65_535 });
  });

  it('keeps no more of a text than anybody could want to see', () => {
    expect(grantedAttributes({ charsets: 'x'.repeat(10_000) }, 's').charsets).toHaveLength(1_024);
  });

  it('shortens an authid that repeats the sid', () => {
    expect(grantedAttributes({ authid: 'a-very-secret-sid' }, 'a-very-secret-sid').authid).toBe(
      shortSid('a-very-secret-sid'),
    );
    expect(shortSid('a-very-secret-sid')).not.toContain('secret');
  });
});

describe('toleratesSwappedRequests', () => {
  it('is known of a manager that acknowledges', () => {
    expect(toleratesSwappedRequests({ ver: '1.11', ack: '1000', maxpause: 300 })).toBe(true);
  });

  it('is known of a manager that grants what Prosody grants, and of no other', () => {
    expect(toleratesSwappedRequests({ ver: '1.6', authid: 's' })).toBe(true);
    expect(toleratesSwappedRequests({ ver: '1.11', authid: 's' })).toBe(false);
    expect(toleratesSwappedRequests({ ver: '1.6', authid: 's', maxpause: 120 })).toBe(false);
    expect(toleratesSwappedRequests({})).toBe(false);
  });
});

describe('Prosody’s own manager', () => {
  it('is known by its grant, and no other is taken for it', () => {
    expect(isProsodysOwn({ ver: '1.6', authid: 's' })).toBe(true);
    expect(isProsodysOwn({ ver: '1.11', ack: '1000', authid: 's', maxpause: 300 })).toBe(false);
    expect(isProsodysOwn({ ver: '1.11', ack: '1000' })).toBe(false);
  });
});
