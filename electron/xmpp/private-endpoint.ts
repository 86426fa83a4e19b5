/** Whether the way to an endpoint is private: TLS, or this machine itself. Used for PLAIN and for typed addresses. */
export function isPrivateEndpoint(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'https:' || /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u.test(hostname);
}
