/** Opens a captive portal in the browser, where one may stand in the way, and goes on when the person is back. */
import { ExternalLink } from 'lucide-react';
import { portalAddress } from '../../shared/portal.ts';
import type { Problem } from '../../shared/problem.ts';
import { ButtonLink } from '../controls/button.tsx';
import { usePage } from '../state/page-context.tsx';

interface PortalLinkProps {
  readonly problem: Problem | undefined;
  readonly account: {
    readonly id?: string | undefined;
    readonly jid: string;
    readonly endpoint?: string | undefined;
    readonly playground?: unknown;
  };
  readonly weight?: 'plain' | 'quiet';
}

/** Nothing where the problem is no portal's. */
export function PortalLink({ problem, account, weight = 'plain' }: PortalLinkProps) {
  const { commands } = usePage();
  const { id: accountId, playground } = account;
  const address = playground ? undefined : portalAddress(problem, account);
  if (address === undefined) return null;
  const goOnWhenBack = () => {
    if (accountId === undefined) return;
    const goOn = () => void commands['accounts.retryNow']({ accountId }).catch(() => {});
    window.addEventListener('focus', goOn, { once: true });
  };
  return (
    <ButtonLink weight={weight} href={address} onPress={goOnWhenBack}>
      <ExternalLink aria-hidden="true" /> Open the portal
    </ButtonLink>
  );
}
