import { describe, expect, it } from 'vitest';
import { faultDetails } from './fault-details.ts';

const surroundings = { part: 'Chats', at: 0, userAgent: 'Chromium' };
const detailsOf = (thrown: unknown) => faultDetails(thrown, surroundings);

describe('the details of a fault', () => {
  it('say what was thrown, where, and when', () => {
    const error = new TypeError("Cannot read properties of undefined (reading 'name')");
    error.stack = [
      String(error),
      '    at Row (http://127.0.0.1:8080/assets/chats-BmzP.js:1:200)',
      '    at async http://127.0.0.1:8080/assets/main.js:3:4',
      'Row@app://holdfast/assets/other.js:5:6',
    ].join('\n');
    expect(detailsOf(error).split('\n')).toEqual([
      'Stopped: Chats',
      'Time: 1970-01-01T00:00:00.000Z',
      'Browser: Chromium',
      "Error: TypeError: Cannot read properties of undefined (reading 'name')",
      '  Row chats-BmzP.js:1:200',
      '  async main.js:3:4',
      '  Row other.js:5:6',
    ]);
  });

  it('hold no secret, no address and nothing anybody wrote', () => {
    const error = new Error(
      'password=hunter2 of juliet@example.org at http://127.0.0.1/#token=abc: "meet me at nine" is no JSON, "and',
    );
    error.stack = `Error: ${error.message}\n    at http://127.0.0.1:1/?token=secret/main.js:1:2`;
    expect(detailsOf(error)).not.toMatch(/hunter2|juliet|abc|secret|meet|nine|and$/u);
  });

  it('are there for whatever was thrown', () => {
    expect(detailsOf('a text')).toContain('Error: a text');
    expect(detailsOf(undefined)).toContain('Error: undefined');
  });
});
