/** What more can be done with a thing: a button with three dots and the menu under it. */
import { EllipsisVertical } from 'lucide-react';
import type { ReactNode } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { IconButton } from './button.tsx';
import { classes } from './class-names.ts';
import styles from './menu.module.css';

export interface MenuAction {
  readonly name: string;
  readonly icon: ReactNode;
  readonly danger?: boolean;
  readonly run: () => void;
}

interface MoreMenuProps {
  /** The button's accessible name, which says of what. */
  readonly name: string;
  readonly actions: readonly MenuAction[];
  readonly excludeFromTabOrder?: boolean;
}

/** A button that opens a menu of actions. */
export function MoreMenu({ name, actions, excludeFromTabOrder = false }: MoreMenuProps) {
  return (
    <MenuTrigger>
      <IconButton name={name} excludeFromTabOrder={excludeFromTabOrder}>
        <EllipsisVertical aria-hidden="true" />
      </IconButton>
      <Popover className={classes(styles.popover)} placement="bottom end" offset={4}>
        <Menu className={classes(styles.menu)}>
          {actions.map((action) => (
            <MenuItem
              key={action.name}
              className={classes(styles.item)}
              textValue={action.name}
              onAction={action.run}
              {...(action.danger ? { 'data-danger': '' } : {})}
            >
              {action.icon}
              {action.name}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
