/** The doctor with what the rest of Holdfast brings: the ways to sign in that it knows. */
import { type ExamineOptions, examine } from '../network/doctor/examine.ts';
import { MECHANISM_NAMES } from '../xmpp/sasl-mechanisms.ts';

/** See {@link examine}. */
export function examineWay(options: Omit<ExamineOptions, 'mechanisms'>) {
  return examine({ ...options, mechanisms: MECHANISM_NAMES });
}
