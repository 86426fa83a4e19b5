/** The page begins here: finds its bridge, connects the store and renders the application. */
import './tokens.css';
import './base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './app/app.tsx';
import { createBrowserBridge } from './bridge/browser-bridge.ts';
import { createDesktopBridge } from './bridge/desktop-bridge.ts';
import { redeemToken } from './bridge/redeem-token.ts';
import { FaultBoundary } from './fault/fault-boundary.tsx';
import { PageProvider } from './state/page-context.tsx';
import { createPageStore } from './state/page-store.ts';

// The page's policy forbids making code from text, which zod would try.
z.config({ jitless: true });

const fetchHere: typeof fetch = (input, init) => fetch(input, init);

if (!window.holdfast) await redeemToken({ location, history, fetch: fetchHere });
const bridge = window.holdfast
  ? createDesktopBridge(window.holdfast)
  : createBrowserBridge({
      fetch: fetchHere,
      EventSource,
      onLocked: () => store.tell({ type: 'link', link: 'locked' }),
      retryAfter: 2000,
    });
const store = createPageStore(bridge);

const page = document.getElementById('page');
if (!page) throw new Error('index.html has no #page');
createRoot(page).render(
  <StrictMode>
    <FaultBoundary part="window">
      <PageProvider value={store}>
        <App />
      </PageProvider>
    </FaultBoundary>
  </StrictMode>,
);
