/** The network in front of the playground: which one is played, and what it does. */
import { useState } from 'react';
import { PLAYGROUND_NETWORKS, type PlaygroundNetwork } from '../../shared/playground.ts';
import { type Problem, problemOf } from '../../shared/problem.ts';
import { ProblemNote } from '../controls/problem-note.tsx';
import { Segments } from '../controls/segments.tsx';
import styles from './played-network.module.css';
import { Section } from './section.tsx';

const names: Readonly<Record<PlaygroundNetwork, string>> = {
  good: 'Good',
  slow: 'Slow',
  cutting: 'Cutting',
  buffering: 'Buffering',
  portal: 'Portal',
};

const sentences: Readonly<Record<PlaygroundNetwork, string>> = {
  good: 'Nothing is in the way.',
  slow: 'Everything takes most of a second, each way.',
  cutting: 'Every connection is cut after a few seconds.',
  buffering: 'What comes back is held, and handed over every two seconds.',
  portal: 'Every request is answered with a hotel’s sign-in page.',
};

interface PlayedNetworkProps {
  readonly network: PlaygroundNetwork;
  readonly play: (network: PlaygroundNetwork) => Promise<void>;
}

/** Shows the network as it is, not as it was asked for. */
export function PlayedNetwork({ network, play }: PlayedNetworkProps) {
  const [refused, setRefused] = useState<Problem>();
  const choose = (chosen: PlaygroundNetwork): void => {
    setRefused(undefined);
    play(chosen).catch((thrown: unknown) => setRefused(problemOf(thrown)));
  };
  return (
    <Section title="Network of the playground">
      <Segments
        label="Network of the playground"
        values={PLAYGROUND_NETWORKS}
        words={names}
        chosen={network}
        onChoose={choose}
      />
      <p className={styles.sentence} role="status">
        {sentences[network]}
      </p>
      {refused && <ProblemNote problem={refused} />}
    </Section>
  );
}
