/** Puts a redacted report on the clipboard; where that is refused, shows it to be copied by hand. */
import { ClipboardCopy } from 'lucide-react';
import { useState } from 'react';
import { Label, TextArea, TextField } from 'react-aria-components';
import { problemOf } from '../../shared/problem.ts';
import { Button } from '../controls/button.tsx';
import { classes } from '../controls/class-names.ts';
import styles from './copy-report.module.css';

type Progress =
  | { readonly step: 'ready' | 'copying' | 'copied' }
  | { readonly step: 'by-hand'; readonly text: string }
  | { readonly step: 'failed'; readonly message: string };

interface CopyReportProps {
  /** What the button says. */
  readonly name?: string;
  /** Makes the report. */
  copyReport(): Promise<string>;
}

export function CopyReport({ name = 'Copy report', copyReport }: CopyReportProps) {
  const [progress, setProgress] = useState<Progress>({ step: 'ready' });

  const copy = async () => {
    setProgress({ step: 'copying' });
    try {
      const text = await copyReport();
      try {
        await navigator.clipboard.writeText(text);
        setProgress({ step: 'copied' });
      } catch {
        setProgress({ step: 'by-hand', text });
      }
    } catch (thrown) {
      setProgress({ step: 'failed', message: problemOf(thrown).message });
    }
  };

  return (
    <>
      <Button isPending={progress.step === 'copying'} onPress={copy}>
        <ClipboardCopy aria-hidden />
        {name}
      </Button>
      <p role="status" className={styles.status} data-step={progress.step}>
        {progress.step === 'copied' && 'Copied'}
        {progress.step === 'by-hand' && 'The clipboard is not available. Copy this by hand:'}
        {progress.step === 'failed' && `The report could not be made. ${progress.message}`}
      </p>
      {progress.step === 'by-hand' && (
        <TextField className={classes(styles.byHand)} isReadOnly value={progress.text} autoFocus>
          <Label className={classes(styles.label)}>Report</Label>
          <TextArea
            className={classes(styles.text)}
            rows={10}
            onFocus={(event) => event.currentTarget.select()}
          />
        </TextField>
      )}
    </>
  );
}
