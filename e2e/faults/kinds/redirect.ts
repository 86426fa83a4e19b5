/** A captive portal sends the request to its sign-in page. */
import type { Fault } from '../fault.ts';

export const redirect: Fault = {
  name: '302',
  weight: 1,
  longest: 4,
  treat: () => ({
    isLost: true,
    stranger: {
      status: 302,
      headers: { location: 'http://portal.invalid/sign-in' },
      body: '',
      afterMs: 0,
    },
  }),
};
