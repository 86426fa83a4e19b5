/** Buttons: with words in four weights, as a link, and with an icon whose name is also its tooltip. */
import type { ReactNode, Ref } from 'react';
import {
  Button as AriaButton,
  type ButtonProps as AriaButtonProps,
  Link as AriaLink,
  type LinkProps as AriaLinkProps,
  Tooltip,
  TooltipTrigger,
} from 'react-aria-components';
import styles from './button.module.css';
import { classes } from './class-names.ts';

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  /** `primary` is what most people do next; at most one in sight. */
  readonly weight?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button with words, after an icon if there is one. */
export function Button({ weight = 'plain', children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={classes(styles.button, styles[weight])}>
      {children}
    </AriaButton>
  );
}

interface ButtonLinkProps extends Omit<AriaLinkProps, 'className' | 'style' | 'children'> {
  readonly weight?: 'plain' | 'quiet';
  readonly href: string;
  readonly children: ReactNode;
}

/** A link to another program's page that stands among buttons. */
export function ButtonLink({ weight = 'plain', children, ...rest }: ButtonLinkProps) {
  return (
    <AriaLink
      {...rest}
      target="_blank"
      rel="noopener noreferrer"
      className={classes(styles.button, styles[weight])}
    >
      {children}
    </AriaLink>
  );
}

interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  /** What it does: the accessible name and the tooltip. */
  readonly name: string;
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button that is only an icon. */
export function IconButton({ name, children, ...rest }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      <AriaButton {...rest} aria-label={name} className={classes(styles.icon)}>
        {children}
      </AriaButton>
      <Tooltip className={classes(styles.tooltip)} offset={6}>
        {name}
      </Tooltip>
    </TooltipTrigger>
  );
}
