/** Things Holdfast has to tell once, such as a damaged database set aside. Each can be put away. */
import { Info, X } from 'lucide-react';
import { IconButton } from '../controls/button.tsx';
import { usePage, usePageState } from '../state/page-context.tsx';
import { noticeKey } from '../state/reduce.ts';
import styles from './banner.module.css';

/** Empty while there is nothing to tell. */
export function Notices() {
  const notices = usePageState((state) => state.notices);
  const { tell } = usePage();
  return notices.map((notice) => (
    <section key={noticeKey(notice)} className={styles.banner} aria-label="Notice">
      <Info aria-hidden="true" />
      <p role="status">
        <strong>{notice.message}</strong> {notice.advice}
      </p>
      <IconButton name="Dismiss" onPress={() => tell({ type: 'notice-dismissed', notice })}>
        <X aria-hidden="true" />
      </IconButton>
    </section>
  ));
}
