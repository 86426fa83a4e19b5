/** The fields of a choice of proxy: in the sign-in form, and in the account's dialog. */
import type { ProxyScheme } from '../../shared/proxy.ts';
import { Choice } from '../controls/choice.tsx';
import { Field } from '../controls/field.tsx';
import { modeWords, schemeWords } from './proxy-words.ts';
import type { ProxyErrors, TypedProxy } from './typed-proxy.ts';

interface ProxyFieldsProps {
  readonly typed: TypedProxy;
  readonly errors: ProxyErrors;
  readonly onType: (typed: TypedProxy) => void;
}

const modes = Object.entries(modeWords).map(([id, name]) => ({
  id: id as TypedProxy['mode'],
  name,
}));
const schemes = Object.entries(schemeWords).map(([id, name]) => ({ id: id as ProxyScheme, name }));

export function ProxyFields({ typed, errors, onType }: ProxyFieldsProps) {
  const change = (part: Partial<TypedProxy>): void => onType({ ...typed, ...part });
  return (
    <>
      <Choice
        label="Proxy"
        options={modes}
        value={typed.mode}
        onChange={(mode) => change({ mode })}
        hint="Some networks let nothing out except through a proxy."
      />
      {typed.mode === 'pac' && (
        <Field
          label="Address of the script"
          value={typed.pac}
          onChange={(pac) => change({ pac })}
          error={errors.pac}
          placeholder="http://proxy.example.org/proxy.pac"
          inputMode="url"
          autoComplete="off"
        />
      )}
      {typed.mode === 'manual' && (
        <>
          <Choice
            label="Kind of proxy"
            options={schemes}
            value={typed.scheme}
            onChange={(scheme) => change({ scheme })}
            hint={
              typed.scheme === 'socks5'
                ? 'One that asks for a name and password works only where Holdfast runs in a browser.'
                : undefined
            }
          />
          <Field
            label="Name of the proxy"
            value={typed.host}
            onChange={(host) => change({ host })}
            error={errors.host}
            placeholder="proxy.example.org"
            inputMode="url"
            autoComplete="off"
          />
          <Field
            label="Port"
            value={typed.port}
            onChange={(port) => change({ port })}
            error={errors.port}
            placeholder="3128"
            inputMode="numeric"
            autoComplete="off"
          />
        </>
      )}
    </>
  );
}
