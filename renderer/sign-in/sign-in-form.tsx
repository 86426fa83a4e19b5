/** The sign-in form. What was typed stays, whatever happens; only what is wrong has to be typed again. */
import { ChevronRight } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Button as AriaButton, Disclosure, DisclosurePanel } from 'react-aria-components';
import type { Problem } from '../../shared/problem.ts';
import { checkAddress } from '../contacts/address.ts';
import { Button } from '../controls/button.tsx';
import { classes } from '../controls/class-names.ts';
import { Field } from '../controls/field.tsx';
import { ProblemNote } from '../controls/problem-note.tsx';
import { isForDoctor, useDoctor } from '../doctor/doctor-context.tsx';
import { ProxyFields } from '../proxy/proxy-fields.tsx';
import { checkProxy, type ProxyErrors, type TypedProxy } from '../proxy/typed-proxy.ts';
import type { Credentials } from './attempt.ts';
import { checkEndpoint, checkPassword, WRONG_PASSWORD } from './check.ts';
import styles from './sign-in.module.css';

/** The fields as they stand in the form. */
export interface Typed {
  readonly address: string;
  readonly password: string;
  readonly endpoint: string;
  readonly proxy: TypedProxy;
}

interface SignInFormProps {
  readonly typed: Typed;
  readonly onType: (typed: Typed) => void;
  /** Why the last try failed. */
  readonly problem: Problem | undefined;
  readonly onSubmit: (credentials: Credentials) => void;
  /** Absent where there is nothing to go back to. */
  readonly onCancel: (() => void) | undefined;
}

type Errors = { readonly [K in Exclude<keyof Typed, 'proxy'>]?: string | undefined } & {
  readonly proxy?: ProxyErrors | undefined;
};

/** Fields are checked when the form is sent, then as they are mended. */
export function SignInForm({ typed, onType, problem, onSubmit, onCancel }: SignInFormProps) {
  const openDoctor = useDoctor();
  const [errors, setErrors] = useState<Errors>({});
  const [advanced, setAdvanced] = useState(typed.endpoint !== '' || typed.proxy.mode !== 'system');
  const address = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const endpoint = useRef<HTMLInputElement>(null);
  const wrongPassword = problem?.code === WRONG_PASSWORD;

  useEffect(() => {
    const field = wrongPassword ? password.current : address.current;
    field?.focus();
    if (wrongPassword) field?.select();
  }, [wrongPassword]);

  const change = (part: Partial<Typed>): void => {
    onType({ ...typed, ...part });
    const [field] = Object.keys(part);
    setErrors((before) => ({ ...before, [field as keyof Typed]: undefined }));
  };

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const checked = checkAddress(typed.address);
    const proxy = checkProxy(typed.proxy);
    const found: Errors = {
      address: checked.error,
      password: checkPassword(typed.password),
      endpoint: checkEndpoint(typed.endpoint),
      proxy: proxy.errors,
    };
    setErrors(found);
    if (found.endpoint !== undefined || proxy.setting === undefined) setAdvanced(true);
    if (checked.jid === undefined) address.current?.focus();
    else if (found.password !== undefined) password.current?.focus();
    else if (found.endpoint !== undefined) endpoint.current?.focus();
    else if (proxy.setting !== undefined) {
      onSubmit({
        jid: checked.jid,
        password: typed.password,
        endpoint: typed.endpoint.trim(),
        proxy: proxy.setting,
      });
    }
  };

  return (
    <form className={styles.form} noValidate onSubmit={submit}>
      {problem && (
        <ProblemNote problem={problem}>
          {isForDoctor(problem) && (
            <Button
              onPress={() =>
                openDoctor({
                  jid: typed.address,
                  endpoint: typed.endpoint,
                  onEndpoint: (found) => change({ endpoint: found }),
                })
              }
            >
              Find out why
            </Button>
          )}
        </ProblemNote>
      )}
      <Field
        label="Address"
        inputRef={address}
        value={typed.address}
        onChange={(value) => change({ address: value })}
        error={errors.address}
        placeholder="name@example.org"
        inputMode="email"
        autoComplete="username"
      />
      <Field
        label="Password"
        type="password"
        inputRef={password}
        value={typed.password}
        onChange={(value) => change({ password: value })}
        error={errors.password}
        autoComplete="current-password"
      />
      <Disclosure isExpanded={advanced} onExpandedChange={setAdvanced}>
        <AriaButton slot="trigger" className={classes(styles.trigger)}>
          <ChevronRight aria-hidden="true" className={styles.arrow} />
          Advanced
        </AriaButton>
        <DisclosurePanel className={classes(styles.advanced)}>
          <Field
            label="BOSH address"
            inputRef={endpoint}
            value={typed.endpoint}
            onChange={(value) => change({ endpoint: value })}
            error={errors.endpoint}
            hint="Holdfast normally finds it by itself. Your provider can tell you."
            placeholder="https://example.org/http-bind"
            inputMode="url"
            autoComplete="off"
          />
          <ProxyFields
            typed={typed.proxy}
            errors={errors.proxy ?? {}}
            onType={(proxy) => change({ proxy })}
          />
        </DisclosurePanel>
      </Disclosure>
      <div className={styles.actions}>
        <Button type="submit" weight="primary">
          Sign in
        </Button>
        {onCancel && <Button onPress={onCancel}>Cancel</Button>}
      </div>
    </form>
  );
}
