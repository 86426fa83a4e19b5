import { expect, test } from 'vitest';
import { archive } from './archive.ts';
import { ScriptedStream } from './testing/scripted-stream.ts';

const JULIET = 'juliet@capulet.lit';

function asked() {
  const stream = new ScriptedStream(`${JULIET}/chamber`);
  return { stream, archive: archive(stream) };
}

const queryId = (stream: ScriptedStream, index = 0): string =>
  String(stream.requests[index]?.getChild('query')?.attrs.queryid);

const result = (queryid: string, id: string, from = `from='${JULIET}'`, body = 'Hail to thee') =>
  `<message id='aeb213' ${from} to='juliet@capulet.lit/chamber'>
    <result xmlns='urn:xmpp:mam:2' queryid='${queryid}' id='${id}'>
      <forwarded xmlns='urn:xmpp:forward:0'>
        <delay xmlns='urn:xmpp:delay' stamp='2010-07-10T23:08:25Z'/>
        <message xmlns='jabber:client' from='witch@shakespeare.lit' to='macbeth@shakespeare.lit'>
          <body>${body}</body>
        </message>
      </forwarded>
    </result>
  </message>`;

const fin = (inside: string, complete = '') =>
  `<iq type='result' id='juliet1'><fin xmlns='urn:xmpp:mam:2' ${complete}>
    <set xmlns='http://jabber.org/protocol/rsm'>${inside}</set></fin></iq>`;

const refusal = (condition: string) =>
  `<iq type='error'><error type='cancel'>
    <${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`;

test('a page after a cursor holds the results of its query in order', async () => {
  const { stream, archive } = asked();
  const page = archive.forward({ after: '09af3-cc343-b409f', max: 10 });
  expect(String(stream.requests[0]?.getChild('query')?.getChild('set'))).toBe(
    '<set xmlns="http://jabber.org/protocol/rsm"><max>10</max><after>09af3-cc343-b409f</after></set>',
  );
  stream.receive(result(queryId(stream), '28482-98726-73623'));
  stream.receive(result(queryId(stream), '5d398-28273-f7382', ''));
  stream.answer(fin("<first index='0'>28482-98726-73623</first><last>5d398-28273-f7382</last>"));
  const answer = await page;
  expect(answer).toMatchObject({
    kind: 'page',
    complete: false,
    first: '28482-98726-73623',
    last: '5d398-28273-f7382',
    messages: [
      { id: '28482-98726-73623', at: Date.UTC(2010, 6, 10, 23, 8, 25) },
      { id: '5d398-28273-f7382' },
    ],
  });
  expect(answer.kind === 'page' && answer.messages[0]?.message.getChildText('body')).toBe(
    'Hail to thee',
  );
});

test('the newest page of one person is asked for with an empty before', async () => {
  const { stream, archive } = asked();
  const page = archive.backward({ with: 'witch@shakespeare.lit', max: 2 });
  const query = stream.requests[0]?.getChild('query');
  expect(String(query?.getChild('set'))).toBe(
    '<set xmlns="http://jabber.org/protocol/rsm"><max>2</max><before/></set>',
  );
  expect(String(query?.getChild('x'))).toBe(
    '<x xmlns="jabber:x:data" type="submit">' +
      '<field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>' +
      '<field var="with"><value>witch@shakespeare.lit</value></field></x>',
  );
  stream.answer(fin('<count>0</count>', "complete='true'"));
  expect(await page).toEqual({ kind: 'page', messages: [], complete: true });
});

test('the page before a message, and messages from a time on', () => {
  const { stream, archive } = asked();
  void archive.backward({ before: 'b1' });
  void archive.forward({ start: Date.UTC(2010, 7, 7) });
  expect(stream.requests[0]?.getChild('query')?.getChild('set')?.getChildText('before')).toBe('b1');
  expect(String(stream.requests[1]?.getChild('query')?.getChild('x'))).toContain(
    '<field var="start"><value>2010-08-07T00:00:00.000Z</value></field>',
  );
});

test.each([
  "from='tybalt@capulet.lit'",
  "from='tybalt@capulet.lit/home'",
  "from='capulet.lit'",
  "from='juliet@capulet.lit/chamber'",
])('results %s are forged and left out, even with the right queryid', async (from) => {
  const { stream, archive } = asked();
  const page = archive.forward({});
  stream.receive(result(queryId(stream), 'forged', from));
  stream.answer(fin('', "complete='true'"));
  expect(await page).toEqual({ kind: 'page', messages: [], complete: true });
});

test('results of another query, of none, or of one that is over are left out', async () => {
  const { stream, archive } = asked();
  const first = archive.forward({});
  const second = archive.forward({});
  stream.receive(result('somebody-else', 'x'));
  stream.receive(result('', 'y'));
  stream.receive(result(queryId(stream, 1), 'of-second'));
  stream.answer(fin('', "complete='true'"));
  await first;
  stream.receive(result(queryId(stream, 0), 'too-late'));
  expect(await first).toMatchObject({ messages: [] });
  stream.answer(fin('', "complete='true'"));
  expect(await second).toMatchObject({ messages: [{ id: 'of-second' }] });
});

test('a result whose message was removed keeps its place in the paging', async () => {
  const { stream, archive } = asked();
  const page = archive.forward({});
  stream.receive(`<message from='${JULIET}'><result xmlns='urn:xmpp:mam:2' queryid='${queryId(stream)}' id='gone'>
    <forwarded xmlns='urn:xmpp:forward:0'/></result></message>`);
  stream.answer("<iq type='result'><fin xmlns='urn:xmpp:mam:2'/></iq>");
  expect(await page).toEqual({
    kind: 'page',
    messages: [],
    complete: false,
    first: 'gone',
    last: 'gone',
  });
});

test('a cursor the archive does not know is an outcome', async () => {
  const { stream, archive } = asked();
  for (const page of [archive.forward({ after: 'x' }), archive.backward({ before: 'x' })]) {
    stream.answer(refusal('item-not-found'));
    expect(await page).toEqual({ kind: 'cursor-unknown' });
  }
});

test.each(['service-unavailable', 'feature-not-implemented', 'item-not-found', 'forbidden'])(
  'an account that answers %s has no archive for us',
  async (condition) => {
    const { stream, archive } = asked();
    const page = archive.forward({});
    stream.answer(refusal(condition));
    expect(await page).toEqual({ kind: 'unsupported' });
  },
);

test('any other refusal, and silence, reject', async () => {
  const { stream, archive } = asked();
  const refused = archive.forward({ after: 'x' });
  stream.answer(refusal('internal-server-error'));
  await expect(refused).rejects.toThrow('internal-server-error');
  const silent = archive.forward({});
  stream.fail(new Error('no answer'));
  await expect(silent).rejects.toThrow('no answer');
});

test('an aborted query rejects at once, before and after it was asked', async () => {
  const { stream, archive } = asked();
  const controller = new AbortController();
  const page = archive.forward({ signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(page).rejects.toThrow('enough');
  await expect(archive.forward({ signal: controller.signal })).rejects.toThrow('enough');
  expect(stream.requests).toHaveLength(1);
});

test('page follows page from the last id until the archive is complete', async () => {
  const { stream, archive } = asked();
  const pages = archive.pagesAfter({ after: 'a0', max: 1 });
  const cursors: unknown[] = [];
  for (const last of ['a1', 'a2']) {
    const page = pages.next();
    cursors.push(stream.requests.at(-1)?.getChild('query')?.getChild('set')?.getChildText('after'));
    stream.answer(
      fin(`<first>${last}</first><last>${last}</last>`, last === 'a2' ? "complete='true'" : ''),
    );
    expect((await page).value).toMatchObject({ last });
  }
  expect(await pages.next()).toEqual({ done: true, value: undefined });
  expect(cursors).toEqual(['a0', 'a1']);
});

test('a server that promises more and stays where it is, is asked no further', async () => {
  const { stream, archive } = asked();
  const pages = archive.pagesAfter({ after: 'a0' });
  const page = pages.next();
  stream.answer(fin('<first>a0</first><last>a0</last>'));
  await page;
  expect(await pages.next()).toEqual({ done: true, value: undefined });
});
