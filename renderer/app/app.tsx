/** The whole window: which screen is right now, and the frame around the places. */
import { useState } from 'react';
import { AccountsPlace } from '../accounts/accounts-place.tsx';
import { ChatsPlace } from '../chats/chats-place.tsx';
import { ContactsPlace } from '../contacts/contacts-place.tsx';
import { classes } from '../controls/class-names.ts';
import { VisuallyHidden } from '../controls/visually-hidden.tsx';
import { DoctorProvider } from '../doctor/doctor-context.tsx';
import { FaultBoundary } from '../fault/fault-boundary.tsx';
import { ProxyQuestions } from '../proxy/proxy-question-dialog.tsx';
import { SignIn } from '../sign-in/sign-in.tsx';
import { useAccounts, usePageState } from '../state/page-context.tsx';
import { Announcer } from './announcer.tsx';
import styles from './app.module.css';
import { ConnectionBars } from './connection-bars.tsx';
import { HealthDrawer } from './health-drawer.tsx';
import { LinkLost } from './link-lost.tsx';
import { LockedScreen, OpeningScreen } from './mute-screens.tsx';
import { Navigation } from './navigation.tsx';
import { Notices } from './notices.tsx';
import { useReportAttention } from './report-attention.ts';
import { useRoute } from './route.ts';
import { useShortcuts } from './shortcuts.ts';
import { useTitle } from './title.ts';

/** Rendered once, inside the store's provider. */
export function App() {
  const link = usePageState((state) => state.link);
  const ready = usePageState((state) => state.ready);
  const empty = useAccounts().size === 0;
  const [adding, setAdding] = useState(false);
  useTitle();
  useReportAttention();

  // The first sign-in stays on the screen while its account already exists.
  if (ready && empty && !adding) setAdding(true);

  if (link === 'locked') return <LockedScreen />;
  if (!ready) return <OpeningScreen lost={link === 'lost'} />;
  return (
    <div className={styles.window}>
      <LinkLost />
      <Notices />
      <DoctorProvider>
        {adding ? (
          <SignIn onDone={() => setAdding(false)} />
        ) : (
          <Frame onAddAccount={() => setAdding(true)} />
        )}
      </DoctorProvider>
      <ProxyQuestions />
    </div>
  );
}

function Frame({ onAddAccount }: { onAddAccount: () => void }) {
  const route = useRoute();
  const [healthShown, setHealthShown] = useState(false);
  useShortcuts(route);
  return (
    <div className={classes(styles.frame, healthShown && styles.withHealth)}>
      <Navigation
        place={route.place}
        healthShown={healthShown}
        onToggleHealth={() => setHealthShown(!healthShown)}
      />
      <div className={styles.content}>
        {route.place !== 'accounts' && <ConnectionBars />}
        <main className={styles.main}>
          <VisuallyHidden>
            <h1>Holdfast</h1>
          </VisuallyHidden>
          <FaultBoundary part={route.place} shows={route.place}>
            {route.place === 'chats' && <ChatsPlace chat={route.chat} />}
            {route.place === 'contacts' && <ContactsPlace />}
            {route.place === 'accounts' && <AccountsPlace onAddAccount={onAddAccount} />}
          </FaultBoundary>
        </main>
      </div>
      {healthShown && (
        <HealthDrawer preferred={route.chat?.accountId} onClose={() => setHealthShown(false)} />
      )}
      <Announcer />
    </div>
  );
}
