/** Chooses a file with certificate authorities and adds them; says under it what is wrong with the file. */
import { useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import { type Problem, problemOf } from '../../shared/problem.ts';
import { Button } from '../controls/button.tsx';
import { ProblemNote } from '../controls/problem-note.tsx';
import { usePage } from '../state/page-context.tsx';
import { base64Of } from './base64.ts';

/** @param onAdded the host has taken it */
export function AddAuthority({ onAdded }: { onAdded?: () => void }) {
  const { commands } = usePage();
  const [problem, setProblem] = useState<Problem>();
  const add = async (files: FileList | null): Promise<void> => {
    setProblem(undefined);
    const [file] = files ?? [];
    if (!file) return;
    try {
      await commands['authorities.add']({ file: base64Of(await file.arrayBuffer()) });
      onAdded?.();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  };
  return (
    <>
      <FileTrigger
        acceptedFileTypes={['.pem', '.crt', '.cer', '.der']}
        onSelect={(files) => void add(files)}
      >
        <Button>Add authority file</Button>
      </FileTrigger>
      {problem && <ProblemNote problem={problem} />}
    </>
  );
}
