import { expect, test } from 'vitest';
import { clientState } from './client-state.ts';
import { ScriptedStream, stanzaOf } from './testing/scripted-stream.ts';

test('is offered where the features of the stream say so, and nobody knows where they are not known', () => {
  const stream = new ScriptedStream('juliet@capulet.lit/balcony');
  const state = clientState(stream);
  expect(state.isOffered).toBeUndefined();
  stream.features = stanzaOf("<features><csi xmlns='urn:xmpp:csi:0'/></features>");
  expect(state.isOffered).toBe(true);
  stream.features = stanzaOf('<features/>');
  expect(state.isOffered).toBe(false);
});

test('is told as the specification prints it', () => {
  const stream = new ScriptedStream('juliet@capulet.lit/balcony');
  const state = clientState(stream);
  state.tell('inactive');
  state.tell('active');
  expect(stream.sent.map(String)).toEqual([
    '<inactive xmlns="urn:xmpp:csi:0"/>',
    '<active xmlns="urn:xmpp:csi:0"/>',
  ]);
});
