/**
 * Who knows the names and passwords of proxies: the host, which keeps them and asks the person. The HTTP
 * adapters look here when a proxy asks, and never wait for somebody to type.
 */
import type { ProxyAddress, ProxyQuestion } from '../../../shared/proxy.ts';
import type { ProxyCredentials } from './route.ts';

export interface ProxyKeys {
  /**
   * What is known of this proxy, the same object until somebody says it anew; undefined: nothing. Never waits
   * for a person.
   */
  find(proxy: ProxyAddress): Promise<ProxyCredentials | undefined>;
  /** The proxy asked and `find` had nothing, or what it had was `refused`: somebody will have to say. */
  ask(question: Omit<ProxyQuestion, 'id' | 'refused'>, refused?: ProxyCredentials): void;
}
