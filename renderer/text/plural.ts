/** Counts in words, by the plural rules of English. */

const rules = new Intl.PluralRules('en');
const numbers = new Intl.NumberFormat('en');

/** `1 new message`, `2 new messages`: the number, then the form that goes with it. */
export function counted(count: number, one: string, other: string): string {
  return `${numbers.format(count)} ${rules.select(count) === 'one' ? one : other}`;
}
