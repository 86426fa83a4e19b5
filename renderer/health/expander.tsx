/** Something of the health panel that is shown when it is asked for. */
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { classes } from '../controls/class-names.ts';
import styles from './expander.module.css';

export function Expander({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <Disclosure className={classes(styles.expander)}>
      <Heading level={4} className={classes(styles.heading)}>
        <Button slot="trigger" className={classes(styles.trigger)}>
          <ChevronRight aria-hidden size="1rem" className={styles.chevron} />
          {title}
        </Button>
      </Heading>
      <DisclosurePanel>{children}</DisclosurePanel>
    </Disclosure>
  );
}
