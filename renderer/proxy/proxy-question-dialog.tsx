/** Asks, over everything else, what a proxy wants to know: a name and a password. One question at a time. */
import { useRef, useState } from 'react';
import { type ProxyQuestion, proxyHostPort } from '../../shared/proxy.ts';
import { FormDialog } from '../controls/dialog.tsx';
import { FactList } from '../controls/fact-list.tsx';
import { Field } from '../controls/field.tsx';
import { Tick } from '../controls/tick.tsx';
import { usePage, usePageState } from '../state/page-context.tsx';
import styles from './proxy.module.css';

/** Nothing while no proxy asks. */
export function ProxyQuestions() {
  const question = usePageState((state) => state.proxyQuestion);
  return question && <ProxyQuestionDialog key={question.id} question={question} />;
}

function ProxyQuestionDialog({ question }: { question: ProxyQuestion }) {
  const { commands } = usePage();
  const { id, proxy, realm, refused } = question;
  const [username, setUsername] = useState(refused ?? '');
  const [password, setPassword] = useState('');
  const [keep, setKeep] = useState(true);
  const [error, setError] = useState<string>();
  const answered = useRef(false);
  const submit = (): Promise<void> | false => {
    setError(username === '' ? 'Write the name.' : undefined);
    if (username === '') return false;
    return commands['proxies.answer']({ id, username, password, keep }).then(() => {
      answered.current = true;
    });
  };
  const close = (): void => {
    // Answered somewhere else in the meantime, the question has gone by itself.
    if (!answered.current) commands['proxies.decline']({ id }).catch(() => undefined);
  };
  const isReadable = question.scheme === 'basic' && proxy.scheme === 'http';
  return (
    <FormDialog title="Sign in to the proxy" action="Sign in" onClose={close} onSubmit={submit}>
      <p className={styles.text}>
        {refused === undefined
          ? 'This network lets Holdfast out through a proxy, which asks who you are.'
          : 'The proxy did not accept this name and password.'}
      </p>
      <FactList>
        <div>
          <dt>Proxy</dt>
          <dd>
            <bdi>{proxyHostPort(proxy)}</bdi>
          </dd>
        </div>
        {realm !== undefined && (
          <div>
            <dt>It says</dt>
            <dd dir="auto">{realm}</dd>
          </div>
        )}
      </FactList>
      <Field
        label="Name"
        value={username}
        onChange={setUsername}
        error={error}
        autoComplete="off"
        autoFocus
      />
      <Field
        label="Password"
        type="password"
        value={password}
        onChange={setPassword}
        hint={
          isReadable ? 'This proxy takes it in a form that others on the way can read.' : undefined
        }
        autoComplete="off"
      />
      <Tick isSelected={keep} onChange={setKeep}>
        Remember on this computer
      </Tick>
    </FormDialog>
  );
}
