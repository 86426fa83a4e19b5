/**
 * The arrows between the rooms (ARCHITECTURE.md), as dependency-cruiser rules. What is not an allowed
 * arrow is a wrong one, so a new room has to be let in here by name.
 */
import type { IForbiddenRuleType } from 'dependency-cruiser';

/** From each room the rooms it may import from, besides itself. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  renderer: ['shared'],
  'electron/network': ['shared'],
  'electron/network/doctor': ['shared', 'electron/network', 'electron/bosh/protocol'],
  'electron/bosh': ['shared', 'electron/network'],
  'electron/xmpp': ['shared', 'electron/bosh/client', 'electron/bosh/protocol', 'electron/network'],
  'electron/store': ['shared'],
  'electron/host': [
    'shared',
    'electron/xmpp',
    'electron/bosh/client',
    'electron/network',
    'electron/store',
    'electron/playground',
  ],
  'electron/shells': [
    'shared',
    'electron/host',
    'electron/network',
    'electron/bosh/manager',
    'electron/bosh/protocol',
  ],
  'electron/playground': ['shared', 'electron/bosh', 'electron/network'],
};

const rooms = Object.keys(arrows);

/** Tests, their contracts and their fakes may bring what they test against from elsewhere. */
const tests = '(\\.(test|contract|fake)\\.tsx?$)|(/testing/)';

/** The only places that may import Electron, tests beside them included. */
const electronPlaces = '^electron/(shells/desktop/|network/electron-http-exchange[^/]*$)';

/** Rooms inside another have arrows of their own. */
const inside = (room: string) => rooms.filter((other) => other.startsWith(`${room}/`));

const arrowRules = rooms.map(
  (room): IForbiddenRuleType => ({
    name: `arrow-from-${room.replaceAll('/', '-')}`,
    comment: `${room} imports only from ${[room, ...(arrows[room] ?? [])].join(', ')}.`,
    severity: 'error',
    from: { path: `^${room}/`, pathNot: [tests, ...inside(room).map((other) => `^${other}/`)] },
    to: {
      path: '^(shared|renderer|electron|e2e|build)/',
      pathNot: [room, ...(arrows[room] ?? [])].map((allowed) => `^${allowed}/`),
    },
  }),
);

/** The rules, each with the name a failing run prints. */
export const layeringRules: IForbiddenRuleType[] = [
  ...arrowRules,
  {
    name: 'arrow-inside-bosh',
    comment: 'The protocol stands alone; client and manager are the two ends and never meet.',
    severity: 'error',
    from: { path: '^electron/bosh/(protocol|client|manager)/', pathNot: tests },
    to: { path: '^electron/bosh/', pathNot: ['^electron/bosh/protocol/', '^electron/bosh/$1/'] },
  },
  {
    name: 'arrow-into-doctor',
    comment: 'The doctor examines the network; what it examines stands without it.',
    severity: 'error',
    from: { path: '^electron/network/', pathNot: ['^electron/network/doctor/', tests] },
    to: { path: '^electron/network/doctor/' },
  },
  {
    name: 'room-unknown',
    comment: 'Every file stands in a room that has its arrows.',
    severity: 'error',
    from: { path: '^(shared|renderer|electron)/', pathNot: rooms.map((room) => `^${room}/`) },
    to: {},
  },
  {
    name: 'electron-elsewhere',
    comment: 'Only the desktop shell and the one network adapter import Electron.',
    severity: 'error',
    from: { pathNot: electronPlaces },
    to: { path: '^(electron$|electron/(main|renderer|common)$|node_modules/electron/)' },
  },
  {
    name: 'node-in-page',
    comment: 'The page and what it shares run in a browser.',
    severity: 'error',
    from: { path: '^(shared|renderer)/', pathNot: tests },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'test-in-product',
    comment: 'What ships imports nothing that is there for the tests.',
    severity: 'error',
    from: { path: '^(shared|renderer|electron)/', pathNot: tests },
    to: { path: [tests, '^e2e/'] },
  },
  {
    name: 'circle',
    comment: 'Files that import each other cannot be understood one at a time.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'not-found',
    comment: 'What is imported exists; an arrow into nowhere cannot be judged.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'not-in-package-json',
    comment: 'Packages are named in package.json, and what ships needs no development package.',
    severity: 'error',
    from: { path: '^(shared|renderer|electron)/', pathNot: tests },
    to: {
      dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'],
      dependencyTypesNot: ['type-only'],
      pathNot: '^node_modules/electron/',
    },
  },
];
