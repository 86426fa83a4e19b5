/**
 * Reads an XML stream from an XMPP server (RFC 6120 §4) child by child, strictly and within bounds, and writes
 * each child again so that it means the same alone. Used by `server-stream.ts`, one reader for each stream.
 */
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { escapeAttribute, escapeText } from '../../../bosh/protocol/escape.ts';
import { NS_CLIENT, NS_STREAM } from '../../../bosh/protocol/namespaces.ts';
import { XmlError } from '../../../bosh/protocol/xml-reader.ts';

/** What one child of the stream may not exceed. */
export interface StanzaLimits {
  /** UTF-16 units, as sent. */
  readonly length: number;
  readonly depth: number;
  /** On one element. */
  readonly attributes: number;
}

/** What is read, in the order in which it came. */
export interface StreamHandler {
  /** The attributes of the stream's header. */
  onHeader(attributes: Readonly<Record<string, string>>): void;
  onChild(child: StreamChild): void;
  /** The stream's end tag. */
  onFooter(): void;
}

/** A child of the stream. */
export interface StreamChild {
  readonly namespace: string;
  /** Without its prefix. */
  readonly name: string;
  /** Declares every prefix it uses. */
  readonly xml: string;
}

/** Where no element is open but the stream's own. */
const BETWEEN_CHILDREN = 1;

export class StreamReader {
  readonly #limits: StanzaLimits;
  readonly #handler: StreamHandler;
  /** Only while something is being read: ten thousand silent streams need none. */
  #parser: SaxesParser | undefined;
  #depth = 0;
  #attributes = 0;
  /** How much the parser was given, and where in it the last child ended. */
  #given = 0;
  #boundary = 0;
  #rootName: string | undefined;
  /** What the header declares, by prefix; '' is the default namespace. */
  #inherited: Namespaces = USUAL_NAMESPACES;
  #child: ChildWriter | undefined;
  /**
   * Tells of what was closed last. The parser says that an element is closed before it looks whose end tag
   * that was, so this waits for whatever it says next.
   */
  #tell: (() => void) | undefined;
  #isOver = false;

  constructor(limits: StanzaLimits, handler: StreamHandler) {
    this.#limits = limits;
    this.#handler = handler;
  }

  /** A new header is to come, where the stream is restarted (RFC 6120 §4.3.3). */
  restart(): void {
    this.#parser = undefined;
    this.#child = undefined;
    this.#tell = undefined;
    this.#rootName = undefined;
    this.#depth = 0;
  }

  /** True where an element, or the header, has begun and not ended. */
  get isInside(): boolean {
    return this.#parser !== undefined;
  }

  /** @throws {XmlError} after which nothing more can be read. */
  write(text: string): void {
    if (this.#isOver) return;
    // Whitespace between children is a sign of life and nothing more (RFC 6120 §4.6.1).
    const rest = this.#parser ? text : text.replace(/^[\t\n\r ]+/u, '');
    if (rest === '') return;
    const parser = this.#parser ?? this.#startParser();
    parser.write(rest);
    this.#tellNow();
    // A handler may have restarted the stream.
    if (parser !== this.#parser) return;
    this.#given += rest.length;
    const unfinished = this.#given - this.#boundary;
    if (unfinished > this.#limits.length) throw new XmlError('too-large', 'stanza too long');
    // Between children, and nothing but whitespace has come since the last one.
    if (this.#depth !== BETWEEN_CHILDREN || unfinished > rest.length) return;
    if (isWhitespace(rest.slice(rest.length - unfinished))) this.#parser = undefined;
  }

  #startParser(): SaxesParser {
    const parser = this.#newParser();
    this.#parser = parser;
    this.#given = 0;
    this.#boundary = 0;
    if (this.#rootName !== undefined) {
      // It goes on inside the stream, where the parser before it ended.
      this.#depth = 0;
      const start = `<${this.#rootName}>`;
      parser.write(start);
      this.#given = start.length;
    }
    return parser;
  }

  #newParser(): SaxesParser {
    const parser = new SaxesParser({ forceXMLVersion: true, defaultXMLVersion: '1.0' });
    const refuse = (what: string) => {
      if (current()) throw new XmlError('restricted-xml', `${what} not allowed`);
    };
    // What follows the end, or a restart has left behind, is not read.
    const current = () => parser === this.#parser && !this.#isOver;
    parser.on('error', (error) => {
      if (current()) throw new XmlError('not-well-formed', error.message);
    });
    parser.on('doctype', () => refuse('document type'));
    parser.on('comment', () => refuse('comment'));
    parser.on('processinginstruction', () => refuse('processing instruction'));
    parser.on('attribute', () => {
      this.#attributes += 1;
      if (this.#attributes > this.#limits.attributes)
        throw new XmlError('too-large', 'too many attributes');
    });
    const next = (read: () => void) => {
      if (current()) this.#tellNow();
      // Being told, a handler may have restarted the stream.
      if (current()) read();
    };
    parser.on('opentag', (tag) => next(() => this.#open(parser, tag as SaxesTagPlain)));
    parser.on('closetag', () => next(() => this.#close(parser)));
    parser.on('text', (text) => next(() => this.#text(text)));
    parser.on('cdata', (text) => next(() => this.#text(text)));
    return parser;
  }

  #open(parser: SaxesParser, { name, attributes }: SaxesTagPlain): void {
    this.#attributes = 0;
    if (this.#depth === 0) {
      this.#depth = 1;
      this.#boundary = parser.position;
      // The start that a parser after the first is given.
      if (this.#rootName !== undefined) return;
      this.#rootName = name === USUAL_ROOT ? USUAL_ROOT : name;
      const inherited = declarationsOf(attributes);
      this.#inherited = isUsual(inherited) ? USUAL_NAMESPACES : inherited;
      this.#handler.onHeader(attributes);
      return;
    }
    this.#depth += 1;
    if (this.#depth > this.#limits.depth) throw new XmlError('too-large', 'nested too deep');
    this.#child ??= new ChildWriter(this.#inherited);
    this.#child.open(name, attributes);
  }

  #close(parser: SaxesParser): void {
    this.#depth -= 1;
    if (this.#depth > BETWEEN_CHILDREN) {
      this.#child?.close();
    } else if (this.#depth === BETWEEN_CHILDREN) {
      const child = this.#child?.end();
      this.#child = undefined;
      if (parser.position - this.#boundary > this.#limits.length)
        throw new XmlError('too-large', 'stanza too long');
      this.#boundary = parser.position;
      if (child) this.#tell = () => this.#handler.onChild(child);
    } else {
      this.#tell = () => {
        this.#isOver = true;
        this.#handler.onFooter();
      };
    }
  }

  #tellNow(): void {
    const tell = this.#tell;
    this.#tell = undefined;
    tell?.();
  }

  #text(text: string): void {
    if (this.#child) this.#child.text(text);
    else if (!isWhitespace(text)) throw new XmlError('not-well-formed', 'text between the stanzas');
  }
}

function isWhitespace(text: string): boolean {
  return /^[\t\n\r ]*$/u.test(text);
}

type Namespaces = ReadonlyMap<string, string>;

/**
 * What the headers of all servers declare, once for all streams: what was read is a part of the text in which it
 * came, and would keep all of that in memory.
 */
const USUAL_ROOT = 'stream:stream';
const USUAL_NAMESPACES: Namespaces = new Map([
  ['', NS_CLIENT],
  ['stream', NS_STREAM],
]);

function isUsual(declared: Namespaces): boolean {
  if (declared.size !== USUAL_NAMESPACES.size) return false;
  return [...USUAL_NAMESPACES].every(([prefix, namespace]) => declared.get(prefix) === namespace);
}

function declarationsOf(attributes: Readonly<Record<string, string>>): Namespaces {
  const declared = new Map<string, string>();
  for (const name in attributes) {
    if (name === 'xmlns') declared.set('', attributes[name] ?? '');
    else if (name.startsWith('xmlns:')) declared.set(name.slice(6), attributes[name] ?? '');
  }
  return declared;
}

interface OpenElement {
  readonly name: string;
  /** Undefined where it declares none, as most do. */
  readonly declared: Namespaces | undefined;
}

/** Writes one child of the stream with what it inherits of namespaces. */
class ChildWriter {
  readonly #inherited: Namespaces;
  readonly #open: OpenElement[] = [];
  /** Prefixes it uses and does not declare. */
  readonly #needed = new Set<string>();
  #root: { readonly name: string; readonly attributes: string } | undefined;
  /** What comes after the attributes of its own start tag. */
  #rest = '';
  /** A start tag still lacks its end, since it may be an empty one's. */
  #isStartTagOpen = false;

  constructor(inherited: Namespaces) {
    this.#inherited = inherited;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const declared = declarationsOf(attributes);
    this.#open.push({ name, declared: declared.size === 0 ? undefined : declared });
    this.#use(prefixOf(name));
    let written = '';
    for (const attribute in attributes) {
      const prefix = prefixOf(attribute);
      if (prefix !== '' && prefix !== 'xmlns') this.#use(prefix);
      written += ` ${attribute}='${escapeAttribute(attributes[attribute] ?? '')}'`;
    }
    if (!this.#root) {
      this.#root = { name, attributes: written };
    } else {
      this.#endStartTag();
      this.#rest += `<${name}${written}`;
    }
    this.#isStartTagOpen = true;
  }

  text(text: string): void {
    this.#endStartTag();
    this.#rest += escapeText(text);
  }

  close(): void {
    const element = this.#open.pop();
    this.#rest += this.#isStartTagOpen ? '/>' : `</${element?.name}>`;
    this.#isStartTagOpen = false;
  }

  /** Closes the child itself. */
  end(): StreamChild {
    const { name = '', attributes = '' } = this.#root ?? {};
    const prefix = prefixOf(name);
    const namespace = this.#lookUp(prefix) ?? '';
    this.close();
    let head = `<${name}`;
    for (const needed of this.#needed) {
      const declaration = needed === '' ? 'xmlns' : `xmlns:${needed}`;
      head += ` ${declaration}='${escapeAttribute(this.#inherited.get(needed) ?? '')}'`;
    }
    return {
      namespace,
      name: prefix === '' ? name : name.slice(prefix.length + 1),
      xml: `${head}${attributes}${this.#rest}`,
    };
  }

  #endStartTag(): void {
    if (this.#isStartTagOpen) this.#rest += '>';
    this.#isStartTagOpen = false;
  }

  #use(prefix: string): void {
    if (prefix === 'xml' || this.#open.some(({ declared }) => declared?.has(prefix))) return;
    if (this.#inherited.has(prefix)) this.#needed.add(prefix);
    else if (prefix !== '') throw new XmlError('not-well-formed', `unbound prefix ${prefix}`);
  }

  #lookUp(prefix: string): string | undefined {
    return this.#open[0]?.declared?.get(prefix) ?? this.#inherited.get(prefix);
  }
}

function prefixOf(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? '' : name.slice(0, colon);
}
