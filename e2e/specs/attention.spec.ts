import { shellKind } from '../holdfast/shell.ts';
import { lookAround } from './actions.ts';
import { test } from './fixtures.ts';

test('the host hears while somebody looks, again and again', async ({ holdfast }) => {
  test.skip(shellKind() === 'desktop', 'what a page says there is no request that could be seen');
  const { page } = holdfast;
  const said = () => page.waitForRequest('**/commands/attention.here');
  const first = said();
  await lookAround(page);
  await first;
  await said();
});
