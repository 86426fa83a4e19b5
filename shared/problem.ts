/**
 * What went wrong, in a form that survives every boundary: a stable code for programs and logs,
 * a sentence and an advice for the person. Every error shown anywhere in Holdfast is a Problem.
 */
import { z } from 'zod';
import { certificateFailureSchema } from './certificate.ts';

export const problemSourceSchema = z.enum([
  /** What the person typed or chose. */
  'input',
  /** The network between here and the endpoint: portals, gateways, resets, silence. */
  'network',
  /** The HTTP endpoint (connection manager): its BOSH answers and terminate conditions. */
  'endpoint',
  /** The XMPP server behind it: sign-in refusals, stanza and stream errors. */
  'server',
  /** Holdfast itself: its store, its keychain, a bug. */
  'app',
]);

export const problemSchema = z.object({
  /** Stable, dotted, lower-case: `network.html-answer`, `endpoint.item-not-found`, `server.not-authorized`. */
  code: z.string(),
  source: problemSourceSchema,
  /** One plain sentence that says what happened. */
  message: z.string(),
  /** One plain sentence that says what to do; empty where there is nothing to do but wait. */
  advice: z.string(),
  /** Whether Holdfast tries again by itself: at once, after a pause, or only when asked. */
  retry: z.enum(['now', 'later', 'never']),
  /** Technical detail for an administrator, already free of secrets. */
  detail: z.string().optional(),
  /** The certificate that is not trusted, where that is the problem. */
  certificate: certificateFailureSchema.optional(),
});

/** See {@link problemSchema}. */
export type Problem = z.infer<typeof problemSchema>;

/** An Error that carries a {@link Problem} and keeps its cause. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.code}: ${problem.message}`, options);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** The Problem inside any thrown value; an unknown one becomes `app.unexpected` with its text as detail. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  return {
    code: 'app.unexpected',
    source: 'app',
    message: 'Something in Holdfast went wrong.',
    advice: 'Try again. If it keeps happening, copy the connection report and tell us.',
    retry: 'later',
    detail: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
  };
}
