/** A message's text as text: links can be clicked, nothing else in it means anything. */
import { memo } from 'react';
import { classes } from '../controls/class-names.ts';
import { splitLinks } from '../text/links.ts';
import styles from './message-row.module.css';

const FEW_EMOJI = /^(?:\p{RGI_Emoji}\s*){1,3}$/v;

/** A few emoji alone are shown large. */
export const MessageText = memo(function MessageText({ text }: { text: string }) {
  return (
    <p className={classes(styles.text, FEW_EMOJI.test(text) && styles.large)}>
      {splitLinks(text).map(({ text: piece, href }, index) =>
        href === undefined ? (
          piece
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change places
          <a key={index} href={href} target="_blank" rel="noopener noreferrer">
            {piece}
          </a>
        ),
      )}
    </p>
  );
});
