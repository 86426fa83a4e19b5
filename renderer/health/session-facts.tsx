/** The session, the endpoint and the granted attributes as lists of facts. */
import type { Health } from '../../shared/health.ts';
import {
  grantedRows,
  proxyWords,
  rungWords,
  shorten,
  trustWords,
} from '../../shared/health-words.ts';
import { asSentence, certificateLife, formatAgo, formatClockTime } from './moment.ts';
import styles from './section.module.css';
import { Fact, Facts, Section } from './section.tsx';

export function Session({ health, now }: { readonly health: Health; readonly now: number }) {
  const { sid, rung } = health;
  return (
    <Section title="Session">
      <Facts>
        <Fact term="sid" wire note="Shortened: the whole of it would open the session to others.">
          <code>{sid === undefined ? 'none yet' : shorten(sid)}</code>
        </Fact>
        {rung && (
          <Fact
            term="How it began"
            note={
              <>
                {asSentence(rung.reason)}{' '}
                <time dateTime={new Date(rung.at).toISOString()}>
                  {formatClockTime(rung.at, now)}, {formatAgo(rung.at, now)}
                </time>
              </>
            }
          >
            {rungWords[rung.name]}
          </Fact>
        )}
      </Facts>
    </Section>
  );
}

export function Endpoint({ health, now }: { readonly health: Health; readonly now: number }) {
  const { tls } = health;
  const plain = /^http:/iu.test(health.endpoint);
  const life = tls?.validTo === undefined ? undefined : certificateLife(tls.validTo, now);
  return (
    <Section title="Endpoint">
      <Facts>
        <Fact term="Address">
          <bdi className={styles.address}>{health.endpoint}</bdi>
        </Fact>
        <Fact term="HTTP">
          {health.httpVersion ? `version ${health.httpVersion}` : 'not known yet'}
        </Fact>
        <Fact term="Proxy">
          <bdi>{proxyWords(health.proxy)}</bdi>
        </Fact>
        {tls ? (
          <>
            <Fact term="TLS" note={tls.cipher}>
              {tls.protocol}
            </Fact>
            {tls.issuer && (
              <Fact term="Certificate from" note={trustWords(tls)}>
                {tls.issuer}
              </Fact>
            )}
            {life && (
              <Fact term="Valid to">
                <span data-warning={life.ending || undefined}>{life.text}</span>
              </Fact>
            )}
          </>
        ) : (
          <Fact term="TLS">{plain ? 'No TLS: loopback only' : 'not known yet'}</Fact>
        )}
      </Facts>
    </Section>
  );
}

export function Granted({ health }: { readonly health: Health }) {
  const rows = grantedRows(health.granted);
  return (
    <Section title="Granted by the server">
      {rows.length === 0 ? (
        <p className={styles.nothing}>Nothing yet: the session is still being opened.</p>
      ) : (
        <dl className={styles.attributes}>
          {rows.map(({ name, value, meaning }) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd className={styles.value}>
                <code>{value}</code>
              </dd>
              <dd className={styles.note}>{meaning}</dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  );
}
