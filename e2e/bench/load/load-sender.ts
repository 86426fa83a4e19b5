/** Who writes to the sessions of the load: one stream straight to the server, so that only the way out is measured. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export class LoadSender {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open(host: string, port: number, domain: string): Promise<LoadSender> {
    const socket = connect({ host, port, noDelay: true }).setEncoding('latin1');
    await once(socket, 'connect');
    let heard = '';
    socket.on('data', (text: string) => {
      heard += text;
      socket.emit('heard');
    });
    const ask = async (text: string, sign: string): Promise<void> => {
      heard = '';
      socket.write(text);
      while (!heard.includes(sign)) await once(socket, 'heard');
    };
    const header = `<stream:stream to='${domain}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`;
    await ask(header, '</stream:features>');
    await ask(
      ...([
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>",
        '<success',
      ] as const),
    );
    await ask(header, '</stream:features>');
    await ask(
      ...([
        "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
        '<jid>',
      ] as const),
    );
    socket.removeAllListeners('data');
    // Nobody writes to it, but what is said is to be read.
    socket.resume();
    return new LoadSender(socket);
  }

  send(to: string, id: string): void {
    this.#socket.write(
      `<message to='${to}' id='${id}' type='headline'><body>a short message, as people write them</body></message>`,
    );
  }

  close(): void {
    this.#socket.destroy();
  }
}
