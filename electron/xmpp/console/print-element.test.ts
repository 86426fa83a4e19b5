import { expect, it } from 'vitest';
import { readXml } from '../../bosh/protocol/xml-reader.ts';
import { printElement } from './print-element.ts';

it('prints an element as people read it, a line for each', () => {
  const xml =
    "<iq xmlns='jabber:client' type='result' id='a&amp;b'><query xmlns='jabber:iq:roster'><item jid='x@y' name='\"X\"'><group>A &lt; B</group></item></query><empty xmlns='jabber:client'/></iq>";
  expect(printElement(readXml(xml).root)).toBe(
    [
      '<iq xmlns="jabber:client" type="result" id="a&amp;b">',
      '  <query xmlns="jabber:iq:roster">',
      '    <item jid="x@y" name="&quot;X&quot;">',
      '      <group>A &lt; B</group>',
      '    </item>',
      '  </query>',
      '  <empty/>',
      '</iq>',
    ].join('\n'),
  );
});

it('keeps text between elements', () => {
  expect(printElement(readXml('<a>one<b/>two</a>').root)).toBe(
    ['<a>', '  onetwo', '  <b/>', '</a>'].join('\n'),
  );
});
