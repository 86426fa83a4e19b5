/** What a proxy asks for in `Proxy-Authenticate`: its challenges one by one (RFC 9110 §11.6.1, §11.7.1). */

export interface Challenge {
  /** In lower case: `basic`, `digest`, `ntlm`, … */
  readonly scheme: string;
  /** Names in lower case, values without quotes. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What stands after the scheme in one piece (token68), as NTLM and Negotiate have it. */
  readonly token?: string;
}

const token = "[!#$%&'*+.^_`|~\\w-]+";
const quoted = '"(?:[^"\\\\]|\\\\.)*"';
const parameter = new RegExp(`^(${token})\\s*=\\s*(${quoted}|${token})`);
const scheme = new RegExp(
  `^(${token})(?=[\\s,]|$)(?!\\s*=)(?:\\s+([A-Za-z\\d._~+/-]+=*)(?=\\s*(?:,|$)))?`,
);

/** The challenges of a header, in its order; what cannot be read ends the list. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string>; token?: string }[] = [];
  let rest = header;
  const take = (length: number): void => {
    rest = rest.slice(length).replace(/^[\s,]+/, '');
  };
  take(0);
  while (rest !== '') {
    const current = challenges.at(-1);
    const found = parameter.exec(rest);
    if (found !== null && current !== undefined && current.token === undefined) {
      const [whole, name = '', value = ''] = found;
      current.parameters[name.toLowerCase()] ??= value.startsWith('"')
        ? value.slice(1, -1).replace(/\\(.)/g, '$1')
        : value;
      take(whole.length);
      continue;
    }
    const begins = scheme.exec(rest);
    if (begins === null) break;
    const [whole, name = '', token68] = begins;
    challenges.push({
      scheme: name.toLowerCase(),
      parameters: {},
      ...(token68 === undefined ? {} : { token: token68 }),
    });
    take(whole.length);
  }
  return challenges;
}
