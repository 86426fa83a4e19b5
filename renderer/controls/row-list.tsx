/**
 * A long list of rows that is one stop for Tab: the arrow keys, Home and End move between its rows.
 * Only the rows in sight exist; each row marks its main control with `data-row`.
 */
import { type ComponentProps, type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { type ListRange, Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import styles from './row-list.module.css';

interface RowListProps<T> {
  /** The list's accessible name. */
  readonly name: string;
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** The key of the row that is open now: where Tab enters the list at first. */
  readonly current?: string | undefined;
  /** Renders a row; its controls take this tab index. */
  readonly children: (row: T, tabIndex: 0 | -1) => ReactNode;
}

/** Fills the room it is given and scrolls by itself. */
export function RowList<T>({ name, rows, keyOf, current, children }: RowListProps<T>) {
  const list = useRef<VirtuosoHandle>(null);
  const [range, setRange] = useState<ListRange>({ startIndex: 0, endIndex: 0 });
  const [visited, setVisited] = useState<string>();
  const pending = useRef<number>(undefined);
  const wanted = rows.findIndex((row) => keyOf(row) === (visited ?? current));
  const entrance =
    wanted >= range.startIndex && wanted <= range.endIndex ? wanted : range.startIndex;

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const target = event.target as HTMLElement;
    const move = target.hasAttribute('data-row') && !event.altKey ? MOVES[event.key] : undefined;
    if (!move) return;
    event.preventDefault();
    const from = pending.current ?? indexOf(target);
    const index = Math.min(rows.length - 1, Math.max(0, move(from, rows.length)));
    const row = rows[index];
    if (row === undefined) return;
    const container = event.currentTarget;
    const focus = (): boolean => {
      const control = container.querySelector<HTMLElement>(`[data-index="${index}"] [data-row]`);
      control?.focus();
      return control !== null;
    };
    setVisited(keyOf(row));
    pending.current = undefined;
    if (focus()) return;
    // A row far away does not exist yet; keys pressed meanwhile go on from it.
    pending.current = index;
    list.current?.scrollIntoView({
      index,
      done: () => {
        if (pending.current !== index) return;
        pending.current = undefined;
        focus();
      },
    });
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows inside are the interactive ones
    <div className={styles.list} onKeyDown={onKeyDown}>
      <Virtuoso
        ref={list}
        data={rows}
        context={{ name }}
        components={{ List: RowsElement, Item: RowElement }}
        computeItemKey={(_, row) => keyOf(row)}
        itemContent={(index, row) => children(row, index === entrance ? 0 : -1)}
        rangeChanged={setRange}
        increaseViewportBy={300}
        tabIndex={-1}
      />
    </div>
  );
}

function indexOf(control: HTMLElement): number {
  return Number(control.closest('[data-index]')?.getAttribute('data-index') ?? 0);
}

const MOVES: Readonly<Record<string, (from: number, count: number) => number>> = {
  ArrowDown: (from) => from + 1,
  ArrowUp: (from) => from - 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

function RowsElement({ context, ...rest }: ComponentProps<'ul'> & { context: { name: string } }) {
  return <ul {...rest} aria-label={context.name} />;
}

function RowElement({
  item: _item,
  context: _context,
  ...rest
}: ComponentProps<'li'> & { item: unknown; context: unknown }) {
  return <li {...rest} />;
}
