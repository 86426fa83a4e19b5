/** One of a few, side by side: the time window of the waterfall, the network of the playground. */
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { classes } from './class-names.ts';
import styles from './segments.module.css';

interface SegmentsProps<Value extends string> {
  readonly label: string;
  readonly values: readonly Value[];
  readonly words: Readonly<Record<Value, string>>;
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
}

/** A radio group that looks like one piece; exactly one is chosen. */
export function Segments<Value extends string>(props: SegmentsProps<Value>) {
  const { label, values, words, chosen, onChoose } = props;
  return (
    <ToggleButtonGroup
      aria-label={label}
      className={classes(styles.segments)}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen]}
      onSelectionChange={(keys) => {
        const value = values.find((each) => keys.has(each));
        if (value !== undefined) onChoose(value);
      }}
    >
      {values.map((value) => (
        <ToggleButton key={value} id={value} className={classes(styles.segment)}>
          {words[value]}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
