/** An element as people read it: a line for each, indented; a text stays on the line of its element. Pure. */
import type { Element } from '@xmpp/xml';

const INDENT = '  ';

/** Attributes in their order; namespaces that are the parent's again are left out. */
export function printElement(element: Element): string {
  return print(element, '', undefined).join('\n');
}

function print(element: Element, indent: string, parentNamespace: string | undefined): string[] {
  const attributes = Object.entries(element.attrs as Record<string, string>).filter(
    ([name, value]) => name !== 'xmlns' || value !== parentNamespace,
  );
  const head = `${indent}<${element.name}${attributes.map(written).join('')}`;
  const { children } = element;
  const elements = children.filter((child): child is Element => typeof child !== 'string');
  const text = children.filter((child) => typeof child === 'string').join('');
  if (elements.length === 0) {
    return [text === '' ? `${head}/>` : `${head}>${escaped(text)}</${element.name}>`];
  }
  const namespace = element.attrs.xmlns ?? parentNamespace;
  return [
    `${head}>`,
    ...(text.trim() === '' ? [] : [`${indent}${INDENT}${escaped(text.trim())}`]),
    ...elements.flatMap((child) => print(child, indent + INDENT, namespace)),
    `${indent}</${element.name}>`,
  ];
}

function written([name, value]: readonly [string, string]): string {
  return ` ${name}="${escaped(String(value)).replaceAll('"', '&quot;')}"`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
