/** The request window and the two clocks of BOSH: `wait` on the held request, `inactivity` on none. */
import { Check, CircleDashed, Hourglass, MoveUpRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Health } from '../../shared/health.ts';
import { slotWords } from '../../shared/health-words.ts';
import { type Countdown, countdown } from './countdown.ts';
import styles from './requests.module.css';
import { Section } from './section.tsx';

type Slot = Health['window'][number];

const slotIcons: Readonly<Record<Slot['state'], typeof Check>> = {
  answered: Check,
  'in-flight': MoveUpRight,
  held: Hourglass,
  free: CircleDashed,
};

export function Requests({ health, now }: { readonly health: Health; readonly now: number }) {
  const nextRid = health.nextRid;
  return (
    <Section
      title="Requests"
      aside={
        <span className={styles.next}>
          next rid <code>{nextRid ?? 'none yet'}</code>
        </span>
      }
    >
      {health.window.length > 0 && (
        <ul className={styles.window} aria-label="Request window">
          {health.window.map((slot, index) => (
            // A slot is a place: it stays where it is while requests come and go.
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
            <WindowSlot key={index} slot={slot} />
          ))}
        </ul>
      )}
      <p className={styles.held}>
        <HeldSentence health={health} />
      </p>
      <div className={styles.clocks}>
        <WaitClock health={health} now={now} />
        <InactivityClock health={health} now={now} />
      </div>
    </Section>
  );
}

function WindowSlot({ slot }: { readonly slot: Slot }) {
  const Icon = slotIcons[slot.state];
  const word = slotWords[slot.state];
  const name = slot.rid === undefined ? `slot: ${word}` : `rid ${slot.rid}: ${word}`;
  return (
    <li className={styles.slot} data-state={slot.state} aria-label={name} title={name}>
      <Icon aria-hidden size="1rem" />
      <span aria-hidden className={styles.slotWord}>
        {word}
      </span>
      {slot.rid !== undefined && (
        <code aria-hidden className={styles.slotRid}>
          …{String(slot.rid).slice(-4)}
        </code>
      )}
    </li>
  );
}

function HeldSentence({ health }: { readonly health: Health }) {
  const { hold, requests } = health.granted;
  return (
    <>
      Held by the server: {health.held}
      {hold !== undefined && (
        <>
          {' '}
          of at most {hold} (<code>hold</code>)
        </>
      )}
      .
      {requests !== undefined && (
        <>
          {' '}
          Unanswered at a time: at most {requests} (<code>requests</code>).
        </>
      )}
    </>
  );
}

function WaitClock({ health, now }: { readonly health: Health; readonly now: number }) {
  const { wait } = health.granted;
  const held = health.heldRequest;
  if (!held) {
    return (
      <Clock term="Held request" attribute="wait">
        Not running: no request is held{wait === undefined ? '' : ` (${wait} s granted)`}.
      </Clock>
    );
  }
  const time = countdown(held.startedAt, held.deadline, now);
  return (
    // A new request starts with a full ring, without running backwards from the last one.
    <Clock term="Held request" attribute="wait" key={held.rid} time={time}>
      {time.over
        ? `The answer to rid ${held.rid} is due.`
        : `Then the server answers rid ${held.rid} with nothing.`}
    </Clock>
  );
}

function InactivityClock({ health, now }: { readonly health: Health; readonly now: number }) {
  const deadline = health.inactivityDeadline;
  const { inactivity } = health.granted;
  if (deadline === undefined) {
    const withServer = health.window.some((s) => s.state === 'held' || s.state === 'in-flight');
    return (
      <Clock term="Silence" attribute="inactivity">
        Not running{withServer ? ': a request is with the server' : ''}
        {inactivity === undefined ? '' : ` (${inactivity} s granted)`}.
      </Clock>
    );
  }
  const whole = inactivity === undefined ? Math.max(0, deadline - now) : inactivity * 1000;
  const time = countdown(deadline - whole, deadline, now);
  return (
    <Clock term="Silence" attribute="inactivity" time={time} urgent={time.fraction < 1 / 3}>
      {time.over
        ? 'The server may have ended the session.'
        : 'Then the server ends the session, unless a request reaches it.'}
    </Clock>
  );
}

/** A ring that empties towards a deadline, with the same in words. */
function Clock(props: {
  readonly term: string;
  /** The protocol's name for it. */
  readonly attribute: string;
  /** Absent: not running. */
  readonly time?: Countdown;
  readonly urgent?: boolean;
  readonly children: ReactNode;
}) {
  const { time } = props;
  return (
    <div className={styles.clock} data-urgent={props.urgent || undefined}>
      <svg className={styles.ring} viewBox="0 0 44 44" aria-hidden="true">
        <circle className={styles.track} cx="22" cy="22" r="19" pathLength="1" />
        {time && (
          <circle
            className={styles.rest}
            cx="22"
            cy="22"
            r="19"
            pathLength="1"
            strokeDasharray={`${time.fraction} 1`}
          />
        )}
      </svg>
      <div>
        <p className={styles.clockTitle}>
          {props.term} <code>{props.attribute}</code>
          {time && (
            <span className={styles.clockValue}>
              {time.over ? 'over' : `${time.remaining} of ${time.total} left`}
            </span>
          )}
        </p>
        <p className={styles.clockText}>{props.children}</p>
      </div>
    </div>
  );
}
