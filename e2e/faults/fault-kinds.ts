/** All kinds of faults, in the order the totals show them. */
import type { Fault } from './fault.ts';
import { breakWhileHeld } from './kinds/break-while-held.ts';
import { closeIdle } from './kinds/close-idle.ts';
import { delay } from './kinds/delay.ts';
import { drip } from './kinds/drip.ts';
import { dropAnswer } from './kinds/drop-answer.ts';
import { dropRequest } from './kinds/drop-request.ts';
import { duplicate } from './kinds/duplicate.ts';
import { gatewayErrors } from './kinds/gateway-error.ts';
import { gzip } from './kinds/gzip.ts';
import { http10 } from './kinds/http-1.0.ts';
import { portalPage } from './kinds/portal-page.ts';
import { redirect } from './kinds/redirect.ts';
import { refusals } from './kinds/refusal.ts';
import { resetMidBody } from './kinds/reset-mid-body.ts';
import { stall } from './kinds/stall.ts';
import { swapAnswers } from './kinds/swap-answers.ts';
import { tooManyRequests } from './kinds/too-many-requests.ts';
import { truncate } from './kinds/truncate.ts';

export const faultKinds: readonly Fault[] = [
  delay,
  dropRequest,
  dropAnswer,
  breakWhileHeld,
  resetMidBody,
  truncate,
  duplicate,
  swapAnswers,
  portalPage,
  redirect,
  ...refusals,
  tooManyRequests,
  ...gatewayErrors,
  closeIdle,
  stall,
  drip,
  gzip,
  http10,
];
