/** Somebody asks to see when you are online: accept or decline. */
import { useState } from 'react';
import type { Contact } from '../../shared/contract/records.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import { Avatar } from '../controls/avatar.tsx';
import { Button } from '../controls/button.tsx';
import { ProblemNote } from '../controls/problem-note.tsx';
import { usePage } from '../state/page-context.tsx';
import styles from './contacts.module.css';

interface RequestRowProps {
  readonly accountId: string;
  readonly contact: Contact;
  readonly name: string;
}

/** The contact's next event takes it away. */
export function RequestRow({ accountId, contact, name }: RequestRowProps) {
  const { commands } = usePage();
  const [problem, setProblem] = useState<Problem>();
  const { jid } = contact;
  const answer = (command: 'contacts.accept' | 'contacts.decline'): void => {
    setProblem(undefined);
    commands[command]({ accountId, jid }).catch((thrown: unknown) => setProblem(problemOf(thrown)));
  };
  return (
    <div className={styles.request}>
      <Avatar accountId={accountId} jid={jid} name={name} hash={contact.avatar} />
      <div className={styles.words}>
        <p className={styles.name}>
          <bdi>{name}</bdi>
        </p>
        <p className={styles.detail}>
          {name === jid ? '' : `${jid} · `}wants to add you and see when you are online
        </p>
      </div>
      <div className={styles.answers}>
        <Button onPress={() => answer('contacts.decline')}>Decline</Button>
        <Button weight="primary" onPress={() => answer('contacts.accept')}>
          Accept
        </Button>
      </div>
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}
