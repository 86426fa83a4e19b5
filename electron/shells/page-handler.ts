/**
 * Serves the built page and the avatars to a window, as a fetch-style function: the desktop shell puts
 * it behind `app://`, the browser shell behind loopback HTTP, so both send the same headers.
 */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { HostPort } from '../../shared/contract/bridge.ts';

/** What a page handler needs. */
export interface PageHandlerOptions {
  /** The folder of the built page, with `index.html` at its top and hashed files under `assets/`. */
  readonly folder: string;
  readonly readAvatar: HostPort['readAvatar'];
}

/** Answers one request; never rejects for what a request says. */
export type PageHandler = (request: Request) => Promise<Response>;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

const AVATAR_TYPES = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);

/** Names of one path segment that can lead nowhere but down, and never to a hidden file. */
const SAFE_SEGMENT = /^(?!\.)[\w.@~ -]+$/u;

const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
} as const;

const NOTHING = "default-src 'none'; frame-ancestors 'none'";

/** Everything the page needs comes from its own origin, as files; `data:` is for pictures in style sheets. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Makes the handler for one built page. */
export function createPageHandler(options: PageHandlerOptions): PageHandler {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refusal(405, 'Only reading is possible here.', { allow: 'GET, HEAD' });
    }
    const segments = pathSegments(new URL(request.url).pathname);
    if (!segments) return refusal(404, 'There is nothing at this address.');
    const answer =
      segments[0] === 'avatars'
        ? await avatar(options, segments)
        : await pageFile(options.folder, segments);
    return request.method === 'HEAD' ? new Response(null, answer) : answer;
  };
}

/** The decoded segments of a path, or undefined where one of them could lead out of the folder. */
function pathSegments(path: string): string[] | undefined {
  try {
    const segments = path.split('/').filter(Boolean).map(decodeURIComponent);
    return segments.every((segment) => SAFE_SEGMENT.test(segment)) ? segments : undefined;
  } catch {
    return undefined;
  }
}

async function pageFile(folder: string, segments: readonly string[]): Promise<Response> {
  const last = segments.at(-1);
  const wantsFile = last !== undefined && extname(last) !== '';
  const type = CONTENT_TYPES[wantsFile ? extname(last) : '.html'];
  const file = wantsFile && last !== 'index.html' ? join(folder, ...segments) : undefined;
  if (!file) return index(folder);
  const bytes = type === undefined ? undefined : await readIfThere(file);
  if (!bytes || type === undefined) return refusal(404, 'There is nothing at this address.');
  return new Response(bytes, {
    headers: {
      ...COMMON_HEADERS,
      'content-type': type,
      'content-security-policy': NOTHING,
      'cache-control':
        segments[0] === 'assets' ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  });
}

/** The page itself: also for the paths the page's own router makes up. */
async function index(folder: string): Promise<Response> {
  const bytes = await readIfThere(join(folder, 'index.html'));
  if (!bytes) return refusal(503, 'The page has not been built. Run: npm run build');
  return new Response(bytes, {
    headers: {
      ...COMMON_HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': PAGE_POLICY,
      'cache-control': 'no-cache',
    },
  });
}

async function avatar(
  { readAvatar }: PageHandlerOptions,
  [, accountId, hash, ...more]: readonly string[],
): Promise<Response> {
  const image =
    accountId && hash && more.length === 0 ? await readAvatar(accountId, hash) : undefined;
  if (!image || !AVATAR_TYPES.has(image.type)) return refusal(404, 'There is no such picture.');
  return new Response(Uint8Array.from(image.bytes), {
    headers: {
      ...COMMON_HEADERS,
      'content-type': image.type,
      'content-security-policy': `${NOTHING}; sandbox`,
      'content-disposition': 'inline',
      'cache-control': 'private, max-age=31536000, immutable',
    },
  });
}

async function readIfThere(file: string): Promise<Buffer<ArrayBuffer> | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function refusal(status: number, words: string, headers: Record<string, string> = {}): Response {
  return new Response(`${words}\n`, {
    status,
    headers: {
      ...COMMON_HEADERS,
      'content-type': 'text/plain; charset=utf-8',
      'content-security-policy': `${NOTHING}; sandbox`,
      'cache-control': 'no-store',
      ...headers,
    },
  });
}
