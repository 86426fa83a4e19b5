/** The proxies whose name and password this computer remembers, each to be forgotten. */
import { useState } from 'react';
import { type Problem, problemOf } from '../../shared/problem.ts';
import { Button } from '../controls/button.tsx';
import { ProblemNote } from '../controls/problem-note.tsx';
import { SettingsEntry, SettingsList, SettingsSection } from '../controls/settings-section.tsx';
import { usePage, usePageState } from '../state/page-context.tsx';

/** Nothing where none is remembered. */
export function KeptProxies() {
  const { commands } = usePage();
  const proxies = usePageState((state) => state.keptProxies);
  const [problem, setProblem] = useState<Problem>();
  if (proxies.length === 0) return null;
  return (
    <SettingsSection
      title="Proxies that know you"
      text="Your name and password for these are kept on this computer, sealed."
    >
      {problem && <ProblemNote problem={problem} />}
      <SettingsList name="Proxies that know you">
        {proxies.map((proxy) => (
          <SettingsEntry key={proxy}>
            <bdi>{proxy}</bdi>
            <Button
              onPress={() =>
                void commands['proxies.forget']({ proxy }).catch((thrown: unknown) =>
                  setProblem(problemOf(thrown)),
                )
              }
            >
              Forget
            </Button>
          </SettingsEntry>
        ))}
      </SettingsList>
    </SettingsSection>
  );
}
