/**
 * What the page shows, as the fold of every event published so far, and those who listen. Because every
 * event is a whole record, a snapshot is the last one of each: a new listener gets it at once and misses
 * nothing after it.
 */
import type { Authority } from '../../shared/certificate.ts';
import type { HostEvent, Snapshot } from '../../shared/contract/events.ts';
import type { Account, Chat, Contact } from '../../shared/contract/records.ts';
import type { DoctorRun } from '../../shared/doctor.ts';
import type { Health } from '../../shared/health.ts';
import type { Http2 } from '../../shared/http2.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import type { ProxyQuestion } from '../../shared/proxy.ts';
import type { Log } from './log.ts';

/** Everything the host says except the snapshot, which is made here. */
export type PublishedEvent = Exclude<HostEvent, { type: 'snapshot' }>;

export type Publish = (event: PublishedEvent) => void;

interface AccountState {
  account: Account;
  readonly contacts: Map<string, Contact>;
  readonly chats: Map<string, Chat>;
  health?: Health | undefined;
}

export class HostState {
  readonly #accounts = new Map<string, AccountState>();
  readonly #notices: Problem[] = [];
  #proxyQuestion: ProxyQuestion | undefined;
  #doctor: DoctorRun | undefined;
  #authorities: readonly Authority[] = [];
  #http2: Http2 | undefined;
  #keptProxies: readonly string[] = [];
  readonly #listeners = new Set<(event: HostEvent) => void>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Takes an event in and tells every listener. An event about an account that is not (or no longer)
   * here is dropped: work under way while an account is removed cannot bring it back.
   */
  readonly publish: Publish = (event) => {
    if (!this.#apply(event)) return;
    for (const listener of [...this.#listeners]) this.#tell(listener, event);
  };

  /** Calls with a snapshot at once, then with every event; returns how to stop. */
  subscribe(listener: (event: HostEvent) => void): () => void {
    this.#listeners.add(listener);
    this.#tell(listener, { type: 'snapshot', snapshot: this.snapshot() });
    return () => this.#listeners.delete(listener);
  }

  snapshot(): Snapshot {
    return {
      accounts: [...this.#accounts.values()].map(({ account, contacts, chats, health }) => ({
        account,
        contacts: [...contacts.values()],
        chats: [...chats.values()],
        ...(health && { health }),
      })),
      notices: [...this.#notices],
      ...(this.#proxyQuestion && { proxyQuestion: this.#proxyQuestion }),
      ...(this.#doctor && { doctor: this.#doctor }),
      ...(this.#keptProxies.length > 0 && { keptProxies: this.#keptProxies }),
      ...(this.#http2 && { http2: this.#http2 }),
      ...(this.#authorities.length > 0 && { authorities: this.#authorities }),
    };
  }

  /** One window's fault is no other's, and never the account's that has something to tell. */
  #tell(listener: (event: HostEvent) => void, event: HostEvent): void {
    try {
      listener(event);
    } catch (thrown) {
      this.#log(`a listener failed at ${event.type}: ${problemOf(thrown).detail ?? ''}`);
    }
  }

  #apply(event: PublishedEvent): boolean {
    if (event.type === 'notice') {
      this.#notices.push(event.notice);
      return true;
    }
    if (event.type === 'kept-proxies') {
      this.#keptProxies = event.proxies;
      return true;
    }
    if (event.type === 'http2') {
      this.#http2 = event.http2;
      return true;
    }
    if (event.type === 'authorities') {
      this.#authorities = event.authorities;
      return true;
    }
    if (event.type === 'proxy-question') {
      this.#proxyQuestion = event.question;
      return true;
    }
    if (event.type === 'doctor') {
      this.#doctor = event.run;
      return true;
    }
    if (event.type === 'account') {
      const known = this.#accounts.get(event.account.id);
      if (known) known.account = event.account;
      else {
        this.#accounts.set(event.account.id, {
          account: event.account,
          contacts: new Map(),
          chats: new Map(),
        });
      }
      return true;
    }
    const state = this.#accounts.get(event.accountId);
    if (!state) return false;
    switch (event.type) {
      case 'account-removed':
        this.#accounts.delete(event.accountId);
        break;
      case 'contact':
        state.contacts.set(event.contact.jid, event.contact);
        break;
      case 'contact-removed':
        state.contacts.delete(event.jid);
        break;
      case 'chat':
        state.chats.set(event.chat.jid, event.chat);
        break;
      case 'chat-removed':
        state.chats.delete(event.jid);
        break;
      case 'health':
        state.health = event.health;
        break;
      case 'connection-event':
      case 'message':
      case 'message-removed':
        break;
    }
    return true;
  }
}
