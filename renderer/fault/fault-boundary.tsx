/** Keeps a fault of one part of the window from blanking the rest. Around the window, each place and each dialog. */
import type { ReactNode } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { faultDetails } from './fault-details.ts';
import { FaultScreen } from './fault-screen.tsx';

interface FaultBoundaryProps {
  /** What stops where it throws, for the details: `Chats`. `window` is all of it. */
  readonly part: 'window' | (string & {});
  /** Another one is something else to show, and is tried. */
  readonly shows?: string | undefined;
  /** Where the screen stands, such as in a dialog; by default in place of the part. */
  readonly frame?: (screen: ReactNode) => ReactNode;
  readonly children: ReactNode;
}

/** Shows what is inside, and where that throws while it is shown, a calm screen in its place. */
export function FaultBoundary({
  part,
  shows,
  frame = (screen) => screen,
  children,
}: FaultBoundaryProps) {
  const isWindow = part === 'window';
  return (
    <ErrorBoundary
      resetKeys={[shows]}
      fallbackRender={({ error, resetErrorBoundary }) =>
        frame(
          <FaultScreen
            isWindow={isWindow}
            details={faultDetails(error, {
              ...{ part, at: Date.now(), userAgent: navigator.userAgent },
            })}
            onReload={() => location.reload()}
            onRetry={isWindow ? undefined : resetErrorBoundary}
          />,
        )
      }
    >
      {children}
    </ErrorBoundary>
  );
}
