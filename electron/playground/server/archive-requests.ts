/** XEP-0313 Message Archive Management with pages (XEP-0059): an account's own archive, for its devices. */
import xml, { type Element } from '@xmpp/xml';
import { bareJid } from '../../../shared/jid.ts';
import type { Archive, ArchiveEntry, ArchivePage, ArchiveQuery } from './archive.ts';
import { type Answers, Refusal } from './requests.ts';
import { copyOf, stanza } from './stanza.ts';

export const NS_ARCHIVE = 'urn:xmpp:mam:2';
const NS_PAGE = 'http://jabber.org/protocol/rsm';
const NS_FORM = 'jabber:x:data';
const NS_FORWARD = 'urn:xmpp:forward:0';
const NS_DELAY = 'urn:xmpp:delay';

/** Results in one answer, whatever is asked for. */
const LARGEST_PAGE = 250;

/** The fields of the query form that are understood (§4.1). */
const FIELDS = ['with', 'start', 'end'];

/**
 * @param owner bare JID
 * @param send to the device that asks; called for each result before the answer is made
 */
export function archiveAnswers(
  archive: Archive,
  owner: string,
  send: (message: Element) => void,
): Answers {
  return {
    [`get ${NS_ARCHIVE} query`]: () =>
      xml(
        'query',
        { xmlns: NS_ARCHIVE },
        xml(
          'x',
          { xmlns: NS_FORM, type: 'form' },
          xml('field', { type: 'hidden', var: 'FORM_TYPE' }, xml('value', {}, NS_ARCHIVE)),
          xml('field', { type: 'jid-single', var: 'with' }),
          xml('field', { type: 'text-single', var: 'start' }),
          xml('field', { type: 'text-single', var: 'end' }),
        ),
      ),
    [`set ${NS_ARCHIVE} query`]: (query, { attrs }) => {
      const page = archive.page(queryIn(query));
      if (!page) throw new Refusal('item-not-found');
      for (const entry of page.entries) {
        send(resultMessage(entry, { owner, to: attrs.from, queryid: query.attrs.queryid }));
      }
      return pageEnd(page);
    },
  };
}

/** @throws Refusal */
function queryIn(query: Element): ArchiveQuery {
  const fields = new Map(
    (query.getChild('x', NS_FORM)?.getChildren('field') ?? []).map((field) => [
      String(field.attrs.var),
      field.getChildText('value')?.trim() ?? '',
    ]),
  );
  fields.delete('FORM_TYPE');
  const unknown = [...fields.keys()].find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw new Refusal('feature-not-implemented');
  const set = query.getChild('set', NS_PAGE);
  const asked = Number.parseInt(set?.getChildText('max') ?? '', 10);
  const after = set?.getChildText('after');
  const before = set?.getChildText('before');
  const peer = fields.get('with');
  return {
    max: Math.min(Number.isNaN(asked) ? LARGEST_PAGE : Math.max(asked, 0), LARGEST_PAGE),
    ...(after != null && { after }),
    ...(before != null && { before }),
    ...(peer !== undefined && { with: bareJid(peer) }),
    ...time('start', fields.get('start')),
    ...time('end', fields.get('end')),
  };
}

/** @throws Refusal */
function time(name: 'start' | 'end', text: string | undefined): { start?: number; end?: number } {
  if (text === undefined) return {};
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Refusal('bad-request', 'modify');
  return { [name]: at };
}

function resultMessage(
  { id, at, message }: ArchiveEntry,
  { owner, to, queryid }: { owner: string; to: string; queryid: string | undefined },
): Element {
  const stamp = new Date(at).toISOString();
  return stanza(
    'message',
    { from: owner, to },
    xml(
      'result',
      { xmlns: NS_ARCHIVE, id, ...(queryid !== undefined && { queryid }) },
      xml(
        'forwarded',
        { xmlns: NS_FORWARD },
        xml('delay', { xmlns: NS_DELAY, stamp }),
        copyOf(message),
      ),
    ),
  );
}

function pageEnd({ entries, complete, count }: ArchivePage): Element {
  const set = xml('set', { xmlns: NS_PAGE });
  const first = entries[0];
  const last = entries.at(-1);
  if (first && last) set.append(xml('first', {}, first.id), xml('last', {}, last.id));
  set.append(xml('count', {}, String(count)));
  return xml('fin', { xmlns: NS_ARCHIVE, ...(complete && { complete: 'true' }) }, set);
}
