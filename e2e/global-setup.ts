/** Runs once before the specs: they test what ships, so it has to be built. */

import { shellKind } from './holdfast/shell.ts';
import { ensureBuilt } from './holdfast/start-holdfast.ts';

export default async function setup(): Promise<void> {
  await ensureBuilt(['page', shellKind() === 'desktop' ? 'desktop' : 'browser']);
}
