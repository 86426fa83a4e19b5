import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StoredAccount } from '../store/store.ts';
import type { ClientActivity, ClientState } from '../xmpp/extensions/client-state.ts';
import { Attention } from './attention.ts';
import { StateIndicator } from './state-indicator.ts';

describe('the state that a server is told', () => {
  let attention: Attention;
  let record: Pick<StoredAccount, 'clientState'>;
  let told: ClientActivity[];
  /** What was in the record when it was told. */
  let kept: (string | undefined)[];

  beforeEach(() => {
    vi.useFakeTimers();
    attention = new Attention(1_000);
    record = {};
    told = [];
    kept = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** @param isOffered undefined: the features are not known, as after going on with a session. */
  function session(isOffered: boolean | undefined): StateIndicator {
    const clientState: ClientState = {
      isOffered,
      tell: (activity) => {
        told.push(activity);
        kept.push(record.clientState);
      },
    };
    const indicator = new StateIndicator({
      parts: {
        log: () => {},
        record: () => record as StoredAccount,
        update: async ({ clientState: state }) => {
          record = state ? { clientState: state } : {};
        },
      },
      clientState,
      attention,
      onFailure: (thrown) => {
        throw thrown;
      },
    });
    indicator.begin();
    return indicator;
  }
  const settle = () => vi.advanceTimersByTimeAsync(0);
  const leave = () => vi.advanceTimersByTimeAsync(1_000);

  it('is nothing where the server does not want to know', async () => {
    session(false);
    attention.look();
    await leave();
    expect(told).toEqual([]);
    expect(record).toEqual({});
  });

  it('is each change once, kept before it is told', async () => {
    session(true);
    attention.look();
    await settle();
    expect(told).toEqual([]);
    await leave();
    attention.look();
    attention.look();
    await settle();
    expect(told).toEqual(['inactive', 'active']);
    expect(kept).toEqual(told);
  });

  it('is told again in a new session, which begins active', async () => {
    const first = session(true);
    attention.look();
    await leave();
    first.close();
    session(true);
    await settle();
    expect(told).toEqual(['inactive', 'inactive']);
    attention.look();
    await settle();
    expect(told).toEqual(['inactive', 'inactive', 'active']);
  });

  it('is not repeated in a session that is gone on with, and mended where it is another now', async () => {
    const first = session(true);
    attention.look();
    await leave();
    first.close();
    const second = session(undefined);
    await settle();
    expect(told).toEqual(['inactive']);
    second.close();
    // Another process: nobody knows yet whether somebody looks.
    attention = new Attention(1_000);
    session(undefined);
    await settle();
    expect(told).toEqual(['inactive', 'active']);
  });

  it('is nothing in a session gone on with whose server never offered it', async () => {
    session(undefined);
    attention.look();
    await leave();
    expect(told).toEqual([]);
  });

  it('is nothing any more once the stream is gone', async () => {
    session(true).close();
    attention.look();
    await leave();
    expect(told).toEqual([]);
  });
});
