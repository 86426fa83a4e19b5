/** The pieces every part of the health panel is made of: a headed section and lists of facts. */
import { type ReactNode, useId } from 'react';
import styles from './section.module.css';

export function Section(props: {
  readonly title: string;
  /** Beside the heading, at the inline end. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  const heading = useId();
  return (
    <section className={styles.section} aria-labelledby={heading}>
      <div className={styles.head}>
        <h3 id={heading}>{props.title}</h3>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}

export function Facts(props: { readonly children: ReactNode }) {
  return <dl className={styles.facts}>{props.children}</dl>;
}

export function Fact(props: {
  readonly term: string;
  /** A term or value of the protocol itself is set as code. */
  readonly wire?: boolean;
  readonly note?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles.fact}>
      <dt data-wire={props.wire || undefined}>{props.term}</dt>
      <dd>
        {props.children}
        {props.note && <span className={styles.note}>{props.note}</span>}
      </dd>
    </div>
  );
}
