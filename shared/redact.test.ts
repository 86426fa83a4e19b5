import { describe, expect, it } from 'vitest';
import { redactJid, redactText, redactUrl } from './redact.ts';

describe('redactJid', () => {
  it.each([
    ['juliet@example.org', 'j…@example.org'],
    ['juliet@example.org/balcony-7', 'j…@example.org'],
    ['j@example.org', '…@example.org'],
    ['𝒿uliet@example.org', '𝒿…@example.org'],
    ['example.org', 'example.org'],
    ['juliet@not a domain', 'j…@[hidden]'],
    ['not a jid', '[hidden]'],
  ])('writes %s as %s', (jid, text) => {
    expect(redactJid(jid)).toBe(text);
  });
});

describe('redactUrl', () => {
  it('keeps scheme, host, port and path only', () => {
    expect(redactUrl('https://juliet:pw@chat.example.org:5281/http-bind?token=1#part')).toBe(
      'https://chat.example.org:5281/http-bind',
    );
  });

  it('hides a path that is a token or a person', () => {
    expect(redactUrl('https://example.org/bosh/4fa9c0b1d2e34f5a6b7c/juliet@example.org')).toBe(
      'https://example.org/bosh/[hidden]/[hidden]',
    );
  });

  it('hides what is no URL', () => {
    expect(redactUrl('juliet:secret')).toBe('juliet:[hidden]');
    expect(redactUrl('secret')).toBe('[hidden]');
  });
});

describe('redactText', () => {
  it.each([
    ['password=hunter2 refused', 'password=[hidden] refused'],
    ['Password: "hunter 2" refused', 'Password: [hidden] refused'],
    ['{"password":"hunter2"}', '{"password":[hidden]}'],
    ['x-api-key: k1; next', 'x-api-key: [hidden]; next'],
    ["<body sid='abc' rid='7'/>", "<body sid=[hidden] rid='7'/>"],
    ['Proxy-Authorization: Basic dTpw', 'Proxy-Authorization: [hidden] [hidden]'],
    ['offered Basic dTpw', 'offered Basic [hidden]'],
    ['sent Bearer abc.def', 'sent Bearer [hidden]'],
    ['<auth mechanism="PLAIN">AGp1bGlldAByMG0=</auth>', '<auth mechanism="PLAIN">[hidden]</auth>'],
    ['<body>Hello there</body>', '<body>[hidden]</body>'],
    ['juliet@example.org/x was refused', 'j…@example.org was refused'],
    ['from juliet@example.org.', 'from j…@example.org.'],
    ['id 9b1d0c4e-77aa-4cde-8f21-001122334455', 'id [hidden]'],
    ['see https://u:p@example.org/a?b=c, please', 'see https://example.org/a, please'],
    ['two\r\nlines', 'two lines'],
  ])('writes %j as %j', (text, redacted) => {
    expect(redactText(text)).toBe(redacted);
  });

  it('hides the names it is told, as whole words in any case', () => {
    expect(redactText('Juliet julietta (juliet)', ['juliet'])).toBe('[hidden] julietta ([hidden])');
  });

  it('leaves what an administrator needs', () => {
    const detail = 'HTTP 502, text/html, 4211 bytes from 192.0.2.7:5281: network.html-answer';
    expect(redactText(detail)).toBe(detail);
  });
});
