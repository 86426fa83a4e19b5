/** The clients that go through the matrix. */
import { holdfast } from './holdfast.ts';
import { nbxmpp } from './nbxmpp.ts';
import type { ClientKind } from './network-client.ts';
import { profanity } from './profanity.ts';
import { strophe } from './strophe.ts';

export const clientKinds: readonly ClientKind[] = [holdfast, strophe, nbxmpp, profanity];
