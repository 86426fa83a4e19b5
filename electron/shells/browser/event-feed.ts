/**
 * The host's events as Server-Sent Events with resumption (HTML Living Standard §9.2): a bounded memory of
 * past events, and for each reader a place in it. Whoever asks for what is no longer remembered gets a snapshot.
 */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { HostPort } from '../../../shared/contract/bridge.ts';

export interface EventFeedOptions {
  /** How many past events are remembered. */
  readonly remembered?: number;
  /** How many characters of past events are remembered. */
  readonly rememberedCharacters?: number;
  /** Time between heartbeats in ms; a reader that has taken nothing in for two of them is dropped. */
  readonly heartbeatMs?: number;
}

/** Where events are written to; the part of a ServerResponse that is used. */
export type EventSink = Pick<ServerResponse, 'writeHead' | 'write' | 'end' | 'destroy' | 'on'>;

export interface EventFeed {
  /** Answers a request for events, beginning after `lastEventId` where that is still known. */
  attach(response: EventSink, lastEventId: string | undefined): void;
  /** Ends every answer. */
  close(): void;
}

interface Remembered {
  readonly number: number;
  readonly data: string;
}

interface Reader {
  readonly response: EventSink;
  /** The number of the last event written. */
  position: number;
  /** Heartbeats that passed since the reader stopped taking in what was written; 0 while it reads. */
  blockedFor: number;
  /** Nothing else is written before the snapshot it needs. */
  awaitsSnapshot: boolean;
}

/** Starts to remember the host's events at once. */
export function createEventFeed(
  host: Pick<HostPort, 'subscribe'>,
  {
    remembered = 2_000,
    rememberedCharacters = 8_000_000,
    heartbeatMs = 15_000,
  }: EventFeedOptions = {},
): EventFeed {
  // Tells ids of this process from those of an earlier one.
  const epoch = randomBytes(6).toString('hex');
  const past: Remembered[] = [];
  const readers = new Set<Reader>();
  let characters = 0;
  let newest = 0;

  const unsubscribe = host.subscribe((event) => {
    const data = JSON.stringify(event);
    newest += 1;
    past.push({ number: newest, data });
    characters += data.length;
    while (past.length > remembered || (characters > rememberedCharacters && past.length > 1)) {
      characters -= past.shift()?.data.length ?? 0;
    }
    for (const reader of readers) pump(reader);
  });

  const heartbeat = setInterval(() => {
    for (const reader of readers) {
      if (reader.blockedFor === 0) reader.response.write(':\n\n');
      else if (reader.blockedFor++ > 1) reader.response.destroy();
    }
  }, heartbeatMs);
  heartbeat.unref();

  /** Writes what the reader lacks for as long as it takes it in. */
  function pump(reader: Reader): void {
    while (!reader.awaitsSnapshot && reader.blockedFor === 0 && reader.position < newest) {
      const oldest = newest - past.length + 1;
      const next = past[reader.position + 1 - oldest];
      if (next === undefined) {
        sendSnapshot(reader);
        return;
      }
      write(reader, next.number, next.data);
    }
  }

  function sendSnapshot(reader: Reader): void {
    reader.awaitsSnapshot = true;
    const stop = host.subscribe((event) => {
      if (event.type !== 'snapshot' || !reader.awaitsSnapshot) return;
      reader.awaitsSnapshot = false;
      // The host may call before `subscribe` returns.
      queueMicrotask(() => stop());
      // Everything up to here is in the snapshot.
      write(reader, newest, JSON.stringify(event));
      pump(reader);
    });
  }

  function write(reader: Reader, number: number, data: string): void {
    reader.position = number;
    const taken = reader.response.write(`id: ${epoch}-${number}\ndata: ${data}\n\n`);
    if (!taken) reader.blockedFor = 1;
  }

  /** The number inside an id of this process whose successor is still remembered. */
  function resumable(id: string | undefined): number | undefined {
    const match = /^([0-9a-f]+)-(\d+)$/u.exec(id ?? '');
    const number = Number(match?.[2]);
    const known = match?.[1] === epoch && number <= newest && number >= newest - past.length;
    return known ? number : undefined;
  }

  return {
    attach(response, lastEventId) {
      const from = resumable(lastEventId);
      const reader: Reader = {
        response,
        position: from ?? newest,
        blockedFor: 0,
        awaitsSnapshot: false,
      };
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      response.write('retry: 1000\n\n');
      readers.add(reader);
      response.on('close', () => readers.delete(reader));
      response.on('drain', () => {
        reader.blockedFor = 0;
        pump(reader);
      });
      if (from === undefined) sendSnapshot(reader);
      else pump(reader);
    },
    close() {
      clearInterval(heartbeat);
      unsubscribe();
      for (const reader of readers) reader.response.end();
    },
  };
}
