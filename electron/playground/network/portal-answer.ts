/** What a hotel's network answers to every request until somebody has signed in: its own page, as if all were well. */

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Hotel Seagull</title></head>
<body>
<h1>Welcome to Hotel Seagull</h1>
<p>Please accept our terms to use the network.</p>
<form method="post" action="/accept"><button>Accept</button></form>
</body>
</html>
`;

/** A whole HTTP response, after which the connection closes. */
export const PORTAL_ANSWER = [
  'HTTP/1.1 200 OK',
  'Content-Type: text/html; charset=utf-8',
  `Content-Length: ${Buffer.byteLength(PAGE)}`,
  'Cache-Control: no-store',
  'Connection: close',
  '',
  PAGE,
].join('\r\n');
