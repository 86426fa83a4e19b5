/** Joins class names, leaving out what is not there. CSS modules may not know a name, so each can be undefined. */
export function classes(...names: readonly (string | false | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}
