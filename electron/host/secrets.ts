/** The port to whatever keeps secrets on this machine; the shells bring the adapter. */
export interface Secrets {
  /** What protects the secrets, for the health of the installation: shown, never parsed. */
  readonly protection: 'keychain' | 'key-file';
  /** Turns a secret into text that may lie in the store. Rejects with `app.secrets-unavailable`. */
  seal(secret: string): Promise<string>;
  /**
   * The secret again. Rejects with `app.secrets-unreadable` where the key is gone or the text was changed.
   * @param renewed hears the text to keep from now on, where the system has replaced its key.
   */
  unseal(sealed: string, renewed?: (sealed: string) => void): Promise<string>;
}
