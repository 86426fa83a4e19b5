/**
 * The doctor as the page asks for it: one examination at a time, told as it goes. The commands start and
 * stop it; `createHost` makes one.
 */
import type { DoctorRun } from '../../shared/doctor.ts';
import { type ExamineOptions, examine } from '../network/doctor/examine.ts';
import type { NetworkPath } from '../network/doctor/network-path.ts';
import { MECHANISM_NAMES } from '../xmpp/sasl-mechanisms.ts';
import type { Publish } from './host-state.ts';
import type { Log } from './log.ts';

/** Whose way is examined. */
export type DoctorSubject = Pick<ExamineOptions, 'jid' | 'endpoint' | 'accountId'>;

export interface DoctorOptions {
  /** A path of its own for each examination, whose HTTP is closed afterwards. */
  readonly openPath: (subject: DoctorSubject) => NetworkPath;
  readonly publish: Publish;
  readonly log: Log;
}

export class Doctor {
  readonly #options: DoctorOptions;
  #running: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;
  #run: DoctorRun | undefined;

  constructor(options: DoctorOptions) {
    this.#options = options;
  }

  /** The last examination, or the one under way. */
  get run(): DoctorRun | undefined {
    return this.#run;
  }

  /** Begins an examination; the one under way is stopped first. */
  async start(subject: DoctorSubject): Promise<void> {
    await this.stop();
    const stop = new AbortController();
    this.#running = { stop, done: this.#examine(subject, stop.signal) };
  }

  /** Ends the examination under way, if any; it has told its verdict when this resolves. */
  async stop(): Promise<void> {
    const running = this.#running;
    running?.stop.abort();
    await running?.done;
  }

  async #examine(subject: DoctorSubject, signal: AbortSignal): Promise<void> {
    const { openPath, publish, log } = this.#options;
    const path = openPath(subject);
    try {
      const { verdict } = await examineWay({
        ...{ ...subject, path, signal },
        onChange: (run) => {
          this.#run = run;
          publish({ type: 'doctor', run });
        },
      });
      const codes = verdict?.findings.map(({ code }) => code).join(', ') || 'nothing';
      log(`doctor: ${verdict?.outcome}, found ${codes}`);
    } finally {
      await path.http.close();
    }
  }
}

/** An examination with the ways to sign in that Holdfast knows; see {@link examine}. */
export function examineWay(options: Omit<ExamineOptions, 'mechanisms'>): Promise<DoctorRun> {
  return examine({ ...options, mechanisms: MECHANISM_NAMES });
}
