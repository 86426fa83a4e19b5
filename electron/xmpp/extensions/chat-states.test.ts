import { expect, test, vi } from 'vitest';
import { chatStates } from './chat-states.ts';
import { messages } from './messages.ts';
import { ScriptedStream } from './testing/scripted-stream.ts';

const BERNARDO = 'bernardo@shakespeare.lit';
const NAMESPACE = 'http://jabber.org/protocol/chatstates';

function conversation(savesData = false) {
  const stream = new ScriptedStream('francisco@shakespeare.lit/elsinore');
  const spoken = messages(stream, { trustsStanzaIds: () => true, savesData: () => false });
  return { stream, spoken, states: chatStates(stream, spoken, () => savesData) };
}

test('what the other side is doing is heard with and without a text', () => {
  const { stream, states } = conversation();
  const heard = vi.fn();
  states.onState(heard);
  stream.receive(
    `<message from='${BERNARDO}/pda' type='chat'><composing xmlns='${NAMESPACE}'/></message>`,
  );
  stream.receive(
    `<message from='${BERNARDO}/pda' type='chat'><body>Who's there?</body><active xmlns='${NAMESPACE}'/></message>`,
  );
  stream.receive(`<message from='${BERNARDO}/pda' type='chat'><body>Who's there?</body></message>`);
  expect(heard.mock.calls).toEqual([
    [BERNARDO, 'composing'],
    [BERNARDO, 'active'],
    [BERNARDO, undefined],
  ]);
});

test('what was done long ago is not heard', () => {
  const { stream, states } = conversation();
  const heard = vi.fn();
  states.onState(heard);
  stream.receive(`<message from='${BERNARDO}/pda' type='chat'><composing xmlns='${NAMESPACE}'/>
    <delay xmlns='urn:xmpp:delay' stamp='2002-09-10T23:08:25Z'/></message>`);
  expect(heard).not.toHaveBeenCalled();
});

test('a state is sent once, and not kept by anybody', () => {
  const { stream, states } = conversation();
  states.send(BERNARDO, 'composing');
  states.send(BERNARDO, 'composing');
  states.send(BERNARDO, 'paused');
  expect(stream.sent.map((stanza) => stanza.getChildElements().map(String))).toEqual([
    [`<composing xmlns="${NAMESPACE}"/>`, '<no-store xmlns="urn:xmpp:hints"/>'],
    [`<paused xmlns="${NAMESPACE}"/>`, '<no-store xmlns="urn:xmpp:hints"/>'],
  ]);
});

test('a text we send says active by itself', () => {
  const { stream, spoken, states } = conversation();
  states.send(BERNARDO, 'composing');
  spoken.send({ id: 'm1', to: BERNARDO, body: 'Long live the king!' });
  states.send(BERNARDO, 'active');
  expect(stream.sent).toHaveLength(2);
});

test('whoever answers without states is sent none, until they use one', () => {
  const { stream, states } = conversation();
  stream.receive(`<message from='${BERNARDO}/pda' type='chat'><body>He.</body></message>`);
  states.send(BERNARDO, 'composing');
  expect(stream.sent).toEqual([]);
  stream.receive(
    `<message from='${BERNARDO}/pda' type='chat'><body>He.</body><active xmlns='${NAMESPACE}'/></message>`,
  );
  states.send(BERNARDO, 'composing');
  expect(stream.sent).toHaveLength(1);
});

test('nothing is told where little data is to be used', () => {
  const { stream, states } = conversation(true);
  states.send('romeo@montague.lit', 'composing');
  expect(stream.sent).toEqual([]);
});
