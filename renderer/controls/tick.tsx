/** A checkbox with its words beside it. */
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { Checkbox } from 'react-aria-components';
import { classes } from './class-names.ts';
import styles from './tick.module.css';

interface TickProps {
  readonly isSelected: boolean;
  readonly onChange: (isSelected: boolean) => void;
  readonly children: ReactNode;
}

export function Tick({ children, ...rest }: TickProps) {
  return (
    <Checkbox {...rest} className={classes(styles.tick)}>
      <span className={styles.box}>
        <Check aria-hidden="true" />
      </span>
      {children}
    </Checkbox>
  );
}
