import { describe, expect, it } from 'vitest';
import { findServers, type ServiceRecord } from './server-address.ts';

const record = (name: string, priority: number, weight: number, port = 5222): ServiceRecord => ({
  ...{ name, priority, weight, port },
});

function resolver(records: Readonly<Record<string, readonly ServiceRecord[]>>) {
  const asked: string[] = [];
  return {
    asked,
    resolveSrv: async (name: string) => {
      asked.push(name);
      const found = records[name];
      if (!found) throw Object.assign(new Error('queryESRV'), { code: 'ENODATA' });
      return found;
    },
  };
}

async function hosts(
  records: Readonly<Record<string, readonly ServiceRecord[]>>,
  random?: () => number,
): Promise<string[]> {
  const found = await findServers('example.org', resolver(records), random);
  return found.map(({ host, port, directTls }) => `${directTls ? 'tls ' : ''}${host}:${port}`);
}

describe('where the server of a domain is', () => {
  it('is under its own name and the usual port where there are no records', async () => {
    expect(await hosts({})).toEqual(['example.org:5222']);
  });

  it('is asked under both names of the service', async () => {
    const asking = resolver({});
    await findServers('example.org', asking);
    expect(asking.asked).toEqual([
      '_xmpps-client._tcp.example.org',
      '_xmpp-client._tcp.example.org',
    ]);
  });

  it('is tried by priority, whichever kind of TLS a record is for', async () => {
    expect(
      await hosts({
        '_xmpps-client._tcp.example.org': [record('b', 10, 0, 443), record('d', 30, 0, 5223)],
        '_xmpp-client._tcp.example.org': [record('c', 20, 0), record('a', 5, 0)],
      }),
    ).toEqual(['a:5222', 'tls b:443', 'c:5222', 'tls d:5223']);
  });

  it('is drawn by weight among equals', async () => {
    const first = new Map<string, number>();
    const records = {
      '_xmpp-client._tcp.example.org': [record('a', 1, 60), record('b', 1, 0)],
      '_xmpps-client._tcp.example.org': [record('c', 1, 40)],
    };
    const draws = 1_000;
    for (let draw = 0; draw < draws; draw += 1) {
      const order = await hosts(records, () => (draw + 0.5) / draws);
      expect(order).toHaveLength(3);
      const [name = ''] = order;
      first.set(name, (first.get(name) ?? 0) + 1);
    }
    expect(Object.fromEntries(first)).toEqual({ 'a:5222': 600, 'tls c:5222': 400 });
  });

  it('draws records without a weight too', async () => {
    const records = { '_xmpp-client._tcp.example.org': [record('a', 1, 0), record('b', 1, 0)] };
    expect(await hosts(records, () => 0.99)).toHaveLength(2);
    const heavy = { '_xmpp-client._tcp.example.org': [record('a', 1, 100), record('b', 1, 0)] };
    expect(await hosts(heavy, () => 0)).toEqual(['b:5222', 'a:5222']);
  });

  it('is nowhere where the domain says so', async () => {
    expect(await hosts({ '_xmpp-client._tcp.example.org': [record('.', 0, 0)] })).toEqual([]);
    expect(
      await hosts({
        '_xmpp-client._tcp.example.org': [record('', 0, 0)],
        '_xmpps-client._tcp.example.org': [record('a', 1, 0, 443)],
      }),
    ).toEqual(['tls a:443']);
  });
});
