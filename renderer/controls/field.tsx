/** A labelled text field with its hint and, after a wrong answer, what is wrong in words. */
import { Search, X } from 'lucide-react';
import { type Ref, useState } from 'react';
import {
  Button as AriaButton,
  SearchField as AriaSearchField,
  FieldError,
  Input,
  Label,
  Text,
  TextField,
  type TextFieldProps,
} from 'react-aria-components';
import { classes } from './class-names.ts';
import styles from './field.module.css';

interface FieldProps extends Omit<TextFieldProps, 'className' | 'style' | 'children' | 'onChange'> {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with the value; absent while it is right or not yet looked at. */
  readonly error?: string | undefined;
  readonly placeholder?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly inputRef?: Ref<HTMLInputElement>;
}

/** One line of text. */
export function Field({
  label,
  hint,
  error,
  placeholder,
  type,
  inputRef,
  isDisabled,
  ...rest
}: FieldProps) {
  const [shown, setShown] = useState(false);
  const secret = type === 'password';
  return (
    <TextField
      {...rest}
      {...(isDisabled === undefined ? {} : { isDisabled })}
      type={secret && shown ? 'text' : (type ?? 'text')}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      className={classes(styles.field, secret && styles.withAction)}
    >
      <Label className={classes(styles.label)}>{label}</Label>
      <div className={classes(styles.box)}>
        <Input
          {...(inputRef ? { ref: inputRef } : {})}
          {...(placeholder ? { placeholder } : {})}
          className={classes(styles.input)}
          dir={secret ? 'ltr' : 'auto'}
        />
        {secret && (
          <AriaButton
            className={classes(styles.action)}
            isDisabled={isDisabled ?? false}
            onPress={() => setShown(!shown)}
          >
            {shown ? 'Hide' : 'Show'}
          </AriaButton>
        )}
      </div>
      {hint !== undefined && error === undefined && (
        <Text slot="description" className={classes(styles.hint)}>
          {hint}
        </Text>
      )}
      <FieldError className={classes(styles.error)}>{error}</FieldError>
    </TextField>
  );
}

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Narrows a list down as the person types; Escape empties it. Ctrl+K (Cmd+K) comes here. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  return (
    <AriaSearchField
      aria-label={label}
      value={value}
      onChange={onChange}
      className={classes(styles.search)}
      data-search-field=""
    >
      <Search aria-hidden="true" />
      <Input placeholder={label} dir="auto" />
      <AriaButton className={classes(styles.clear)} aria-label="Clear">
        <X aria-hidden="true" />
      </AriaButton>
    </AriaSearchField>
  );
}
