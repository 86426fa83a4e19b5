import { beforeEach, describe, expect, it } from 'vitest';
import type { PathLimits } from '../../../shared/path-limits.ts';
import { PathObserver } from './path-observer.ts';

const S = 1_000;

let observer: PathObserver;
let now: number;
let told: PathLimits[];

beforeEach(() => {
  watch({});
});

function watch(known: PathLimits): void {
  told = [];
  now = 1_000_000;
  observer = new PathObserver(known, (limits) => told.push(limits));
}

/** One exchange alone, from its beginning to its end. */
function exchange(rid: number, ms: number, end: 'answered' | string, bytes = 200): void {
  const key = { rid, attempt: 1 };
  observer.posted(key, bytes, now);
  now += ms;
  if (end === 'answered') observer.answered(key, now);
  else observer.failed(key, end, now);
}

describe('a request that is held', () => {
  it('is cut where a gateway says so, and the limit keeps clear of that', () => {
    exchange(1, 10 * S, 'network.gateway-timeout');
    expect(told).toEqual([{ wait: 8 }]);
  });

  it.each(['network.reset', 'network.bad-gateway', 'network.unavailable'])(
    'is cut where the same happened three times at the same time: %s',
    (code) => {
      for (const ms of [10_010, 9_980]) exchange(1, ms, code);
      expect(told).toEqual([]);
      exchange(1, 10_000, code);
      expect(told).toEqual([{ wait: 8 }]);
    },
  );

  it('is not cut where connections break now and then', () => {
    for (const ms of [10 * S, 3 * S, 17 * S, 10 * S, 6 * S]) exchange(1, ms, 'network.reset');
    expect(told).toEqual([]);
  });

  it('is not cut where one was held longer meanwhile', () => {
    exchange(1, 10 * S, 'network.reset');
    exchange(2, 10 * S, 'network.reset');
    exchange(3, 30 * S, 'answered');
    exchange(4, 10 * S, 'network.reset');
    expect(told).toEqual([]);
  });

  it('is not cut where it fails at once', () => {
    for (let rid = 1; rid < 9; rid += 1) exchange(rid, 20, 'network.bad-gateway');
    expect(told).toEqual([]);
  });

  it('may be lost in silence: half of that, or what is known to come back, is short enough', () => {
    exchange(1, 75 * S, 'network.timeout');
    expect(told).toEqual([{ wait: 37 }]);
    exchange(2, 20 * S, 'answered');
    exchange(3, 34 * S, 'network.timeout');
    expect(told.at(-1)).toEqual({ wait: 20 });
  });

  it('is never asked to end at once', () => {
    exchange(1, 1_600, 'network.gateway-timeout');
    expect(told).toEqual([{ wait: 1 }]);
  });

  it('teaches nothing new where the limit is known', () => {
    watch({ wait: 8 });
    exchange(1, 10 * S, 'network.gateway-timeout');
    expect(told).toEqual([]);
  });
});

describe('what is known', () => {
  it('can be taken back, and is then learned again', () => {
    exchange(1, 10 * S, 'network.gateway-timeout');
    observer.keepTo({});
    exchange(2, 10 * S, 'network.gateway-timeout');
    expect(told).toEqual([{ wait: 8 }, { wait: 8 }]);
  });
});

describe('a second connection', () => {
  /** A request is held while another one is refused so many times. */
  function refused(times: number, code: string): void {
    observer.posted({ rid: 1, attempt: 1 }, 200, now);
    for (let attempt = 1; attempt <= times; attempt += 1) {
      const key = { rid: 2, attempt };
      observer.posted(key, 200, now);
      now += 500;
      observer.failed(key, code, now);
    }
  }

  it('does not get through where what it carries is refused again and again while one is held', () => {
    refused(4, 'network.unavailable');
    expect(told).toEqual([{ oneConnection: true }]);
  });

  it('may be refused now and then', () => {
    refused(3, 'network.unavailable');
    observer.posted({ rid: 2, attempt: 4 }, 200, now);
    observer.answered({ rid: 2, attempt: 4 }, now);
    refused(3, 'network.unavailable');
    expect(told).toEqual([]);
  });

  it('is not to blame where nothing is held', () => {
    for (let attempt = 1; attempt < 9; attempt += 1) {
      const key = { rid: 2, attempt };
      observer.posted(key, 200, now);
      observer.failed(key, 'network.unavailable', now);
    }
    expect(told).toEqual([]);
  });

  it('is not to blame where the network answers with its own page', () => {
    refused(9, 'network.html-answer');
    expect(told).toEqual([]);
  });
});

describe('the answer to a request that is held', () => {
  /** A later request comes, and what it releases is called off and repeated. @param ms until the repeat is answered */
  function overdue(rid: number, ms: number): void {
    observer.posted({ rid, attempt: 1 }, 200, now);
    now += 5 * S;
    observer.posted({ rid: rid + 1, attempt: 1 }, 200, now);
    now += 8 * S;
    observer.aborted({ rid, attempt: 1 }, now);
    observer.aborted({ rid: rid + 1, attempt: 1 }, now);
    observer.posted({ rid, attempt: 2 }, 200, now);
    observer.posted({ rid: rid + 1, attempt: 2 }, 200, now);
    now += ms;
    observer.answered({ rid, attempt: 2 }, now);
    observer.aborted({ rid: rid + 1, attempt: 2 }, now);
  }

  it('is kept back where it comes at once when asked for again, three times in a row', () => {
    for (const rid of [1, 3]) overdue(rid, 30);
    expect(told).toEqual([]);
    overdue(5, 30);
    expect(told).toEqual([{ answersKeptBack: true }]);
  });

  it('is kept back as well where the later one is answered long before', () => {
    for (const rid of [1, 3, 5]) {
      observer.posted({ rid, attempt: 1 }, 200, now);
      now += 5 * S;
      exchange(rid + 1, 40, 'answered');
      now += 8 * S;
      observer.aborted({ rid, attempt: 1 }, now);
      observer.posted({ rid, attempt: 2 }, 200, now);
      now += 30;
      observer.answered({ rid, attempt: 2 }, now);
    }
    expect(told).toEqual([{ answersKeptBack: true }]);
  });

  it('is not where one came as it should meanwhile', () => {
    for (const rid of [1, 3]) overdue(rid, 30);
    observer.posted({ rid: 5, attempt: 1 }, 200, now);
    now += 5 * S;
    observer.posted({ rid: 6, attempt: 1 }, 200, now);
    now += 40;
    observer.answered({ rid: 5, attempt: 1 }, now);
    observer.aborted({ rid: 6, attempt: 1 }, now);
    overdue(7, 30);
    expect(told).toEqual([]);
  });

  it('is not where it takes as long again', () => {
    for (const rid of [1, 3, 5, 7]) overdue(rid, 6 * S);
    expect(told).toEqual([]);
  });
});

describe('a request that is large', () => {
  it('is refused by its size where the answer says so: half of it may fit, or what got through', () => {
    exchange(1, 20, 'answered', 900);
    exchange(2, 20, 'network.request-too-large', 10_000);
    expect(told).toEqual([{ largestRequest: 5_000, refusedRequest: 10_000 }]);
    exchange(3, 20, 'network.request-too-large', 4_000);
    expect(told.at(-1)).toEqual({ largestRequest: 2_000, refusedRequest: 4_000 });
    exchange(4, 20, 'answered', 3_000);
    expect(told.at(-1)).toEqual({ largestRequest: 3_000, refusedRequest: 4_000 });
    exchange(5, 20, 'network.request-too-large', 3_500);
    expect(told.at(-1)).toEqual({ largestRequest: 3_000, refusedRequest: 3_500 });
  });

  it('is refused by its size where it is forbidden twice and small ones are not', () => {
    exchange(1, 20, 'answered', 900);
    exchange(2, 20, 'network.forbidden', 10_000);
    expect(told).toEqual([]);
    exchange(2, 20, 'network.forbidden', 10_000);
    expect(told).toEqual([{ largestRequest: 5_000, refusedRequest: 10_000 }]);
  });

  it('is not refused by its size where it is small, whatever the answer says', () => {
    for (let rid = 1; rid < 5; rid += 1) exchange(rid, 20, 'network.request-too-large', 1_000);
    expect(told).toEqual([]);
  });

  it('may be refused by chance where larger ones got through, but not again and again', () => {
    exchange(1, 20, 'answered', 5_000);
    for (let rid = 2; rid < 5; rid += 1) {
      for (let times = 0; times < 3; times += 1) {
        exchange(rid, 20, 'network.request-too-large', 4_000);
      }
      exchange(rid, 20, 'answered', 4_000);
    }
    expect(told).toEqual([]);
    for (let times = 0; times < 4; times += 1) {
      exchange(5, 20, 'network.request-too-large', 4_000);
    }
    expect(told).toEqual([{ largestRequest: 2_000, refusedRequest: 4_000 }]);
  });

  it('has no limit any more where one gets through that was refused before', () => {
    watch({ wait: 8, largestRequest: 2_000, refusedRequest: 4_000 });
    exchange(1, 20, 'answered', 4_000);
    expect(told).toEqual([{ wait: 8 }]);
  });

  it('is not refused by its size where small ones are forbidden too', () => {
    for (let rid = 1; rid < 5; rid += 1) exchange(rid, 20, 'network.forbidden', 400);
    expect(told).toEqual([]);
  });
});
