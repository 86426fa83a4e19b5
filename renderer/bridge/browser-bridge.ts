/**
 * The bridge of the browser shell: commands by POST, events by Server-Sent Events. The browser repeats
 * `Last-Event-ID` by itself when it connects again, so the host goes on where it was or sends a snapshot.
 */
import { z } from 'zod';
import type { Bridge } from '../../shared/contract/bridge.ts';
import { type CommandResult, commandNames } from '../../shared/contract/commands.ts';
import { type HostEvent, hostEventSchema } from '../../shared/contract/events.ts';
import { type Problem, ProblemError, problemSchema } from '../../shared/problem.ts';

export interface BrowserBridgeOptions {
  readonly fetch: typeof fetch;
  readonly EventSource: typeof EventSource;
  /** The host does not accept this page: its session is unknown or over. */
  readonly onLocked: () => void;
  /** Milliseconds before the events are asked for again where the browser has given up. */
  readonly retryAfter: number;
}

const resultSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.record(z.string(), z.unknown()) }),
  z.object({ ok: z.literal(false), problem: problemSchema }),
]);

const hostGone: Problem = {
  code: 'app.host-gone',
  source: 'app',
  message: 'Holdfast is not running.',
  advice: 'Start it again; this page then goes on by itself.',
  retry: 'later',
};

const hostLocked: Problem = {
  code: 'app.page-locked',
  source: 'app',
  message: 'This page is no longer allowed in.',
  advice: 'Open it again from the link that Holdfast printed in the terminal.',
  retry: 'never',
};

const strangeEvent: Problem = {
  code: 'app.strange-event',
  source: 'app',
  message: 'This page is older than the Holdfast it talks to.',
  advice: 'Reload the page.',
  retry: 'never',
};

/** The bridge of a page that the browser shell serves. */
export function createBrowserBridge(options: BrowserBridgeOptions): Bridge {
  const linkListeners = new Set<(connected: boolean) => void>();
  const link = (connected: boolean): void => {
    for (const listener of linkListeners) listener(connected);
  };

  const run = async (name: string, input: unknown): Promise<unknown> => {
    const response = await options
      .fetch(`/commands/${name}`, {
        method: 'POST',
        credentials: 'same-origin',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      })
      .catch((cause: unknown) => {
        throw new ProblemError(hostGone, { cause });
      });
    if (response.status === 401) {
      options.onLocked();
      throw new ProblemError(hostLocked);
    }
    const result = await readResult(response);
    if (!result.ok) throw new ProblemError(result.problem);
    return result.value;
  };

  return {
    commands: Object.fromEntries(
      commandNames.map((name) => [name, (input: unknown) => run(name, input)]),
    ) as unknown as Bridge['commands'],
    subscribe: (listener) => listen(options, listener, link),
    onLink(listener) {
      linkListeners.add(listener);
      return () => linkListeners.delete(listener);
    },
  };
}

async function readResult(response: Response): Promise<CommandResult> {
  const answer: unknown = await response.json().catch(() => undefined);
  const result = resultSchema.safeParse(answer);
  if (result.success) return result.data as CommandResult;
  throw new ProblemError({
    ...hostGone,
    detail: `HTTP ${response.status} without a command result`,
  });
}

function listen(
  options: BrowserBridgeOptions,
  listener: (event: HostEvent) => void,
  link: (connected: boolean) => void,
): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stopped = new AbortController();

  const open = (): void => {
    source = new options.EventSource('/events');
    source.onopen = () => link(true);
    source.onmessage = (message: MessageEvent<string>) => {
      const event = hostEventSchema.safeParse(parseJson(message.data));
      listener(event.success ? event.data : { type: 'notice', notice: strangeEvent });
    };
    source.onerror = () => {
      link(false);
      if (source.readyState === options.EventSource.CLOSED) void reopen();
    };
  };

  // The browser tries again by itself after a broken connection, but gives up after an HTTP error
  // and does not say which one.
  const reopen = async (): Promise<void> => {
    const asking = new AbortController();
    const status = await options
      .fetch('/events', {
        credentials: 'same-origin',
        headers: { accept: 'text/event-stream' },
        signal: AbortSignal.any([asking.signal, stopped.signal]),
      })
      .then((response) => response.status)
      .catch(() => undefined);
    asking.abort();
    if (stopped.signal.aborted) return;
    if (status === 401) options.onLocked();
    else timer = setTimeout(open, options.retryAfter);
  };

  open();
  return () => {
    stopped.abort();
    clearTimeout(timer);
    source.close();
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
