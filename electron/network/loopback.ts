/** Which hosts are this computer itself: plain HTTP is accepted to these and no others. */

/** Whether a host, as `URL.hostname` spells it, can only mean this computer (RFC 6761 §6.3, RFC 1122, RFC 4291). */
export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
  );
}
