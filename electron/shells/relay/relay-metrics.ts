/** The relay's figures for Prometheus. Fed by `relay.ts`, shown by `monitor.ts`. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ManagerReadings } from '../../bosh/manager/connection-manager.ts';

export interface RelayMetrics {
  /** Says where the manager's readings come from. */
  read(readings: () => ManagerReadings): void;
  /** A stream to a server of this domain could be used after this time. */
  opened(domain: string, milliseconds: number): void;
  /** An address of a server of this domain did not work. */
  refused(domain: string): void;
  closed(domain: string, end: string): void;
  readonly contentType: string;
  /** In Prometheus's text format. */
  text(): Promise<string>;
}

export function createRelayMetrics(): RelayMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const opening = new Histogram({
    name: 'holdfast_relay_server_open_seconds',
    help: 'Time from a session until the stream to its server could be used',
    labelNames: ['domain'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const refused = new Counter({
    name: 'holdfast_relay_server_refusals_total',
    help: 'Addresses of servers that were tried and did not work',
    labelNames: ['domain'],
    registers,
  });
  const closed = new Counter({
    name: 'holdfast_relay_server_streams_closed_total',
    help: 'Streams to servers that are over, by who or what ended them',
    labelNames: ['domain', 'end'],
    registers,
  });
  return {
    read: (readings) => registerReadings(registry, readings),
    opened: (domain, milliseconds) => opening.observe({ domain }, milliseconds / 1_000),
    refused: (domain) => refused.inc({ domain }),
    closed: (domain, end) => closed.inc({ domain, end }),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

/** The manager counts by itself: its readings are taken when somebody asks. */
function registerReadings(registry: Registry, readings: () => ManagerReadings): void {
  const registers = [registry];
  const gauge = (name: string, help: string, value: (now: ManagerReadings) => number) =>
    new Gauge({
      ...{ name: `holdfast_relay_${name}`, help, registers },
      collect() {
        this.set(value(readings()));
      },
    });
  const counter = (name: string, help: string, value: (now: ManagerReadings) => number) =>
    new Counter({
      ...{ name: `holdfast_relay_${name}`, help, registers },
      collect() {
        this.reset();
        this.inc(value(readings()));
      },
    });
  const counters = (
    name: string,
    help: string,
    label: string,
    values: (now: ManagerReadings) => Readonly<Record<string, number>>,
  ) =>
    new Counter({
      ...{ name: `holdfast_relay_${name}`, help, labelNames: [label], registers },
      collect() {
        this.reset();
        for (const [key, value] of Object.entries(values(readings()))) {
          this.inc({ [label]: key }, value);
        }
      },
    });
  gauge('sessions', 'Sessions now', ({ sessions }) => sessions);
  gauge('requests_held', 'Requests that wait for their answer', ({ held }) => held);
  gauge('streams', 'Streams to servers now', ({ streams }) => streams);
  gauge('buffered_characters', 'What waits for clients to fetch it', ({ buffered }) => buffered);
  counter('requests_total', 'Requests so far', ({ requests }) => requests);
  counter('sessions_created_total', 'Sessions so far', ({ created }) => created);
  counters('sessions_ended_total', 'Sessions that are over', 'reason', ({ ended }) => ended);
  counters(
    ...(['requests_refused_total', 'Requests that no session took', 'condition'] as const),
    ({ refused }) => refused,
  );
}
