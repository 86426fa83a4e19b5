/** The streams of a session (XEP-0124 §16, XEP-0206 §4): one as a rule. Owned by the session. */

export interface SessionStream {
  /** By which the session's actions and events name it. */
  readonly number: number;
  /** By which the client names it. */
  readonly name: string;
  isOpen: boolean;
  /** What the server's stream header said, once it came. */
  header: Readonly<Record<string, string>> | undefined;
  /** The client has been told what the header says. */
  isAnnounced: boolean;
  /** The server takes no more for now. */
  isBlocked: boolean;
}

export class SessionStreams {
  /** Never pushed to, which would take room for many more. */
  #all: readonly SessionStream[] = [];

  add(name: string): SessionStream {
    const number = this.#all.length;
    const stream: SessionStream = {
      ...{ number, name, header: undefined },
      ...{ isOpen: true, isAnnounced: false, isBlocked: false },
    };
    this.#all = [...this.#all, stream];
    return stream;
  }

  at(number: number): SessionStream | undefined {
    return this.#all[number];
  }

  /** How many there are, closed ones too. */
  get count(): number {
    return this.#all.length;
  }

  get open(): readonly SessionStream[] {
    return this.#all.filter(({ isOpen }) => isOpen);
  }

  /** Those of this name, or without one all; none where there never was such a stream. */
  named(name: string | undefined): readonly SessionStream[] {
    return name === undefined ? this.#all : this.#all.filter((stream) => stream.name === name);
  }

  /**
   * What an answer with a payload of this stream, or an empty one, says of streams: which it is, where there are
   * several; and once what its header said.
   */
  announce(stream = this.#unannounced()): Readonly<Record<string, string | undefined>> {
    if (!stream) return {};
    const name = this.count > 1 ? { stream: stream.name } : {};
    if (stream.isAnnounced || !stream.header) return name;
    stream.isAnnounced = true;
    const { id, from, version } = stream.header;
    return { ...name, from, authid: id, 'xmpp:version': version };
  }

  #unannounced(): SessionStream | undefined {
    return this.#all.find(({ isOpen, isAnnounced, header }) => isOpen && !isAnnounced && header);
  }
}
