/** One conversation: who it is with, what was said, and where to write. */
import { useEffect } from 'react';
import type { Contact } from '../../shared/contract/records.ts';
import { RequestRow } from '../contacts/request-row.tsx';
import { nameOf } from '../state/names.ts';
import { usePage } from '../state/page-context.tsx';
import type { AccountState } from '../state/state.ts';
import { Composer } from './composer.tsx';
import styles from './conversation.module.css';
import { ConversationHeader } from './conversation-header.tsx';
import { MessageList } from './message-list.tsx';

interface ConversationProps {
  readonly account: AccountState;
  readonly jid: string;
}

/** Keyed by account and address: another chat is another conversation. */
export function Conversation({ account, jid }: ConversationProps) {
  const { commands, load } = usePage();
  const accountId = account.account.id;
  const chat = account.chats.get(jid);
  const contact = account.contacts.get(jid);
  const conversation = account.conversations.get(jid);
  const name = nameOf(account, jid);
  const missing = chat === undefined;
  const wanting =
    !conversation || (conversation.stale && !conversation.load && !conversation.problem);

  useEffect(() => {
    if (missing) void commands['chats.open']({ accountId, jid }).catch(ignore);
  }, [missing, commands, accountId, jid]);

  useEffect(() => {
    if (wanting) void load({ accountId, jid }, 'newest');
  }, [wanting, load, accountId, jid]);

  return (
    <section className={styles.conversation} aria-label={`Chat with ${name}`}>
      <ConversationHeader account={account} jid={jid} name={name} contact={contact} />
      {contact?.request && (
        <div className={styles.request}>
          <RequestRow accountId={accountId} contact={contact} name={name} />
        </div>
      )}
      <MessageList
        accountId={accountId}
        jid={jid}
        name={name}
        conversation={conversation}
        unread={chat?.unread ?? 0}
        online={account.account.connection.phase === 'online'}
      />
      <p className={styles.typing} role="status">
        {typingWords(chat?.chatState === 'composing', contact, name)}
      </p>
      {chat && <Composer accountId={accountId} chat={chat} />}
    </section>
  );
}

function typingWords(composing: boolean, contact: Contact | undefined, name: string): string {
  return composing ? `${contact?.name ?? name} is typing…` : '';
}

/** A snapshot or the banner of a lost link follows. */
function ignore(): void {}
