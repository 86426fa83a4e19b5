/** One chat in the list: who, when, the last words, and how many are unread. */
import type { ChatState } from '../../shared/contract/records.ts';
import { chatHref } from '../app/route.ts';
import { Avatar } from '../controls/avatar.tsx';
import { MessageStateIcon } from '../controls/message-state.tsx';
import { VisuallyHidden } from '../controls/visually-hidden.tsx';
import { useAccount } from '../state/page-context.tsx';
import { listTime } from '../text/dates.ts';
import styles from './chat-row.module.css';
import type { ListedChat } from './order.ts';

interface ChatRowProps {
  readonly listed: ListedChat;
  readonly id: string;
  readonly open: boolean;
  /** Says which account it belongs to. */
  readonly accountShown: boolean;
  /** Today's midnight. */
  readonly today: number;
  readonly tabIndex: 0 | -1;
}

/** A link to the chat. */
export function ChatRow({ listed, id, open, accountShown, today, tabIndex }: ChatRowProps) {
  const { key, chat, account, name } = listed;
  const contact = useAccount(key.accountId)?.contacts.get(key.jid);
  const last = chat.lastMessage;
  return (
    <a
      href={chatHref(key)}
      className={styles.row}
      data-row={id}
      tabIndex={tabIndex}
      aria-current={open ? 'true' : undefined}
      draggable={false}
    >
      <Avatar
        accountId={key.accountId}
        jid={key.jid}
        name={name}
        hash={contact?.avatar}
        show={contact?.presence.show}
      />
      <span className={styles.words}>
        <span className={styles.line}>
          <span className={styles.name}>
            <bdi>{name}</bdi>
          </span>
          <VisuallyHidden>, </VisuallyHidden>
          {last && (
            <time className={styles.time} dateTime={new Date(last.at).toISOString()}>
              {listTime(last.at, today)}
            </time>
          )}
        </span>
        <span className={styles.line}>
          <Preview listed={listed} open={open} state={chat.chatState} />
          {chat.unread > 0 && (
            <span className={styles.unread}>
              <VisuallyHidden>, </VisuallyHidden>
              {chat.unread > 999 ? '999+' : chat.unread}
              <VisuallyHidden> unread</VisuallyHidden>
            </span>
          )}
        </span>
        {accountShown && (
          <span className={styles.account}>
            <VisuallyHidden>, account </VisuallyHidden>
            <bdi>{account.jid}</bdi>
          </span>
        )}
      </span>
    </a>
  );
}

interface PreviewProps {
  readonly listed: ListedChat;
  readonly open: boolean;
  readonly state: ChatState | undefined;
}

function Preview({ listed: { chat }, open, state }: PreviewProps) {
  const last = chat.lastMessage;
  if (state === 'composing') return <span className={styles.typing}>typing…</span>;
  if (chat.draft !== '' && !open) {
    return (
      <span className={styles.preview}>
        <span className={styles.draft}>Draft: </span>
        <bdi>{chat.draft}</bdi>
      </span>
    );
  }
  if (!last) return <span className={styles.preview}>No messages yet</span>;
  return (
    <>
      {last.outgoing && (
        <span className={styles.state}>
          <MessageStateIcon state={last.state} />
        </span>
      )}
      <span className={styles.preview}>
        {last.outgoing && 'You: '}
        <bdi>{last.body}</bdi>
      </span>
    </>
  );
}
