/** A captive portal answers with its own page and 200, as if all were well. */
import type { Fault } from '../fault.ts';

export const portalPage: Fault = {
  name: '200 HTML',
  weight: 2,
  longest: 4,
  treat: (random) => ({
    isLost: true,
    stranger: {
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<!doctype html><html><head><title>Welcome</title></head><body><p>Sign in<br></body></html>',
      afterMs: Math.round(random() * 10),
    },
  }),
};
