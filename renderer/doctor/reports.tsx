/** The examination to hand on: copied, or saved as Markdown or JSON. Made by the host, without secrets. */
import { Download } from 'lucide-react';
import { useState } from 'react';
import type { DoctorRun } from '../../shared/doctor.ts';
import { problemOf } from '../../shared/problem.ts';
import { Button } from '../controls/button.tsx';
import { saveText } from '../controls/save-text.ts';
import { CopyReport } from '../health/copy-report.tsx';
import { usePage } from '../state/page-context.tsx';
import styles from './doctor.module.css';

const formats = {
  markdown: { name: 'Markdown', extension: 'md', type: 'text/markdown' },
  json: { name: 'JSON', extension: 'json', type: 'application/json' },
} as const;

export function Reports({ run }: { run: DoctorRun }) {
  const { commands } = usePage();
  const [failure, setFailure] = useState<string>();
  const made = async (format: keyof typeof formats): Promise<string> =>
    (await commands['doctor.report']({ format })).text;
  const save = async (format: keyof typeof formats): Promise<void> => {
    const { extension, type } = formats[format];
    const day = new Date(run.startedAt).toISOString().slice(0, 10);
    try {
      saveText(`holdfast-connection-${day}.${extension}`, type, await made(format));
      setFailure(undefined);
    } catch (thrown) {
      setFailure(problemOf(thrown).message);
    }
  };
  return (
    <>
      <CopyReport copyReport={() => made('markdown')} />
      {(['markdown', 'json'] as const).map((format) => (
        <Button key={format} onPress={() => void save(format)}>
          <Download aria-hidden="true" /> Save as {formats[format].name}
        </Button>
      ))}
      <p role="status" className={styles.failure}>
        {failure}
      </p>
    </>
  );
}
