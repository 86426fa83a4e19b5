/** A person's picture, or their initials on the colour they have in every client (XEP-0392). Decoration only. */
import { type CSSProperties, useState } from 'react';
import { avatarPath, type Show } from '../../shared/contract/records.ts';
import { consistentHue, initialsOf } from '../text/consistent-color.ts';
import styles from './avatar.module.css';
import { classes } from './class-names.ts';

interface AvatarProps {
  readonly accountId: string;
  readonly jid: string;
  readonly name: string;
  /** SHA-1 of the picture, where there is one. */
  readonly hash?: string | undefined;
  /** Availability as a dot; the words for it belong beside the avatar. */
  readonly show?: Show | undefined;
  /** CSS length. */
  readonly size?: string;
}

/** Hidden from assistive technology: the name always stands beside it. */
export function Avatar({ accountId, jid, name, hash, show, size = '2.75rem' }: AvatarProps) {
  const [broken, setBroken] = useState<string>();
  const style = { '--hue': consistentHue(jid).toFixed(1), '--size': size } as CSSProperties;
  return (
    <span className={styles.frame} aria-hidden="true">
      <span className={styles.avatar} style={style}>
        {hash === undefined || broken === hash ? (
          initialsOf(name)
        ) : (
          <img src={avatarPath(accountId, hash)} alt="" onError={() => setBroken(hash)} />
        )}
      </span>
      {show !== undefined && show !== 'offline' && (
        <span className={classes(styles.dot, styles[toneOf(show)])} />
      )}
    </span>
  );
}

function toneOf(show: Show): 'good' | 'waiting' | 'bad' {
  if (show === 'dnd') return 'bad';
  return show === 'away' || show === 'xa' ? 'waiting' : 'good';
}
