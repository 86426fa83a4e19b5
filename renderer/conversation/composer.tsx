/** Where one writes: Enter sends, Shift+Enter breaks the line. Nothing typed is ever lost. */
import { SendHorizontal } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { MAX_BODY_LENGTH } from '../../shared/contract/commands.ts';
import type { Chat } from '../../shared/contract/records.ts';
import { newId } from '../../shared/ids.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import { IconButton } from '../controls/button.tsx';
import { classes } from '../controls/class-names.ts';
import { usePage } from '../state/page-context.tsx';
import { counted } from '../text/plural.ts';
import styles from './composer.module.css';
import { useDraft } from './draft.ts';
import { createTypingNotifier } from './typing-notifier.ts';

interface ComposerProps {
  readonly accountId: string;
  readonly chat: Chat;
}

/** Takes the focus when the conversation opens. */
export function Composer({ accountId, chat }: ComposerProps) {
  const { commands } = usePage();
  const { jid } = chat;
  const [text, setText] = useDraft(accountId, chat);
  const [problem, setProblem] = useState<Problem>();
  const refused = useRef<{ id: string; body: string }>(undefined);
  const field = useRef<HTMLTextAreaElement>(null);
  const hintId = useId();
  const [notifier] = useState(() =>
    createTypingNotifier((state) => {
      void commands['chats.sendState']({ accountId, jid, state }).catch(ignore);
    }),
  );
  const body = text.replace(/^\n+|\s+$/gu, '');
  const excess = body.length - MAX_BODY_LENGTH;

  useEffect(() => field.current?.focus(), []);
  useEffect(() => () => notifier.leave(), [notifier]);
  useLayoutEffect(() => fitHeight(field.current, text), [text]);

  const send = (): void => {
    if (body === '' || excess > 0) return;
    // The same text after a refusal keeps its id: had the first try arrived after all, it is sent once.
    const message = refused.current?.body === body ? refused.current : { id: newId(), body };
    refused.current = undefined;
    setText('');
    setProblem(undefined);
    notifier.sent();
    commands['messages.send']({ accountId, jid, ...message }).catch((thrown: unknown) => {
      refused.current = message;
      setProblem(problemOf(thrown));
      setText((since) => (since === '' ? message.body : `${message.body}\n${since}`));
    });
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key !== 'Enter' || event.shiftKey || composing) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {(excess > 0 || problem) && (
        <p id={hintId} className={styles.problem} role="alert">
          {excess > 0
            ? `This message is ${counted(excess, 'character', 'characters')} too long. Shorten it or send it in parts.`
            : `${problem?.message} ${problem?.advice}`}
        </p>
      )}
      <div className={classes(styles.box, excess > 0 && styles.tooLong)}>
        <textarea
          ref={field}
          className={styles.field}
          aria-label="Message"
          aria-invalid={excess > 0 || undefined}
          aria-describedby={excess > 0 || problem ? hintId : undefined}
          placeholder="Message"
          rows={1}
          dir="auto"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            notifier.typed(event.target.value.trim() === '');
          }}
          onKeyDown={onKeyDown}
        />
        <IconButton name="Send" type="submit" isDisabled={body === '' || excess > 0}>
          <SendHorizontal aria-hidden="true" />
        </IconButton>
      </div>
    </form>
  );
}

/** As high as its text; the style sheet sets the limit. */
function fitHeight(field: HTMLTextAreaElement | null, text: string): void {
  if (!field) return;
  field.style.blockSize = 'auto';
  if (text !== '') field.style.blockSize = `${field.scrollHeight}px`;
}

/** A chat state that could not be sent is of no use later. */
function ignore(): void {}
