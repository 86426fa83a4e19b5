import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { FaultScreen } from './fault-screen.tsx';

const shown = (isWindow: boolean, onRetry?: () => void) =>
  renderToStaticMarkup(
    <FaultScreen isWindow={isWindow} details="Error: x" onReload={() => {}} onRetry={onRetry} />,
  );

describe('where a part of the window has stopped', () => {
  it('says so aloud, whose fault it is, and what goes on', () => {
    const screen = shown(false, () => {});
    expect(screen).toMatch(/role="alert"/u);
    expect(screen).toContain('This part of the window has stopped');
    expect(screen).toContain('The fault is in Holdfast itself');
    expect(screen).toContain('everything around this part works');
  });

  it('can be reloaded, tried again and handed on', () => {
    const screen = shown(false, () => {});
    expect(screen).toMatch(/Reload.*Try again.*Copy details/su);
    expect(screen).toContain('Error: x');
  });

  it('offers no second try where all of the window has stopped', () => {
    expect(shown(true)).toContain('This window has stopped');
    expect(shown(true)).not.toContain('Try again');
  });
});
