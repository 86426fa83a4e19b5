/** One of a few things, chosen from a list that opens. */
import { ChevronDown } from 'lucide-react';
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
} from 'react-aria-components';
import { classes } from './class-names.ts';
import fieldStyles from './field.module.css';
import styles from './menu.module.css';

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly { readonly id: T; readonly name: string }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly hint?: string | undefined;
  /** Takes little room and hides its label from the eye. */
  readonly compact?: boolean;
}

export function Choice<T extends string>({
  label,
  options,
  value,
  onChange,
  hint,
  compact = false,
}: ChoiceProps<T>) {
  return (
    <Select
      className={classes(styles.select, compact && styles.compact)}
      value={value}
      onChange={(key) => {
        const chosen = options.find(({ id }) => id === key);
        if (chosen) onChange(chosen.id);
      }}
    >
      <Label className={classes(styles.selectLabel)}>{label}</Label>
      <Button className={classes(styles.selectButton)}>
        <SelectValue className={classes(styles.selectValue)} />
        <ChevronDown aria-hidden="true" />
      </Button>
      {hint !== undefined && (
        <Text slot="description" className={classes(fieldStyles.hint)}>
          {hint}
        </Text>
      )}
      <Popover className={classes(styles.popover, styles.options)} offset={4}>
        <ListBox className={classes(styles.menu)} items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.name} className={classes(styles.item)}>
              {option.name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
