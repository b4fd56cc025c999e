// The floors of the house, top to bottom: a room imports downward only, and rooms on one floor do not import each other.
const FLOORS = [
  ['src/cli', 'src/server', 'src/distributed', 'src/testing'],
  ['src/orchestra'],
  ['src/skills'],
  ['src/store', 'src/agents', 'src/definition', 'src/text', 'src/topology', 'src/observe', 'src/schema'],
  ['src/problems'],
  ['operators/triggers', 'operators/events', 'operators/policies', 'operators/compose'],
  ['src/core'],
];

// Rooms that may import a neighbour on their own floor, each with why: { from: 'src/a', to: 'src/b' }
const NEIGHBOURS = [
  // `flow:` in a workflow file is in the text language.
  { from: 'src/definition', to: 'src/text' },
];

// What runs in a browser, and so imports nothing from Node.
const BROWSER = ['src/core', 'operators', 'src/schema', 'src/problems', 'src/text', 'src/definition'];

// What may load zod, a peer; the others may use its types.
const ZOD = ['src/schema', 'src/definition', 'src/skills', 'src/server'];

const inside = (rooms) => `^(${rooms.join('|')})/`;
const OURS = '^(src|operators)/';
const DOOR = '^(src|operators)/index[.]ts$|^(src|operators)/.+/index[.]ts$';

const floorRules = FLOORS.flatMap((rooms, level) =>
  rooms.map((room) => {
    const neighbours = NEIGHBOURS.filter(({ from }) => from === room).map(({ to }) => to);
    return {
      name: `floor-of-${room.replace('/', '-')}`,
      comment: `${room} imports itself, its lower floors and nothing else of ours.`,
      severity: 'error',
      from: { path: inside([room]) },
      to: { path: OURS, pathNot: inside([room, ...neighbours, ...FLOORS.slice(level + 1).flat()]) },
    };
  }),
);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...floorRules,
    {
      name: 'known-rooms',
      comment:
        'Every file lives in a room of a known floor; only the doors `tutti` and `tutti/operators` live above.',
      severity: 'error',
      from: { path: OURS, pathNot: [inside(FLOORS.flat()), '^(src|operators)/index[.]ts$'] },
      to: {},
    },
    {
      name: 'door-of-core',
      comment: "The door `tutti` names the core's exports.",
      severity: 'error',
      from: { path: '^src/index[.]ts$' },
      to: { path: OURS, pathNot: inside(['src/core']) },
    },
    {
      name: 'door-of-operators',
      comment: "The door `tutti/operators` names the operators' exports.",
      severity: 'error',
      from: { path: '^operators/index[.]ts$' },
      to: { path: OURS, pathNot: '^operators/' },
    },
    {
      name: 'no-circles',
      comment: 'No file imports itself through others, not even for a type.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'doors-are-for-users',
      comment: 'Nobody inside imports an index.ts.',
      severity: 'error',
      from: { path: OURS },
      to: { path: DOOR },
    },
    {
      name: 'doors-by-name',
      comment: "Tests and examples import a door as users do: from 'tutti' or 'tutti/operators'.",
      severity: 'error',
      from: { path: '^(test|examples)/' },
      to: { path: DOOR, dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'examples-use-doors',
      comment: 'Examples import nothing of ours but the doors.',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: OURS, pathNot: DOOR },
    },
    {
      name: 'no-tests-inside',
      comment: 'What we ship imports neither tests nor examples.',
      severity: 'error',
      from: { path: OURS },
      to: { path: '^(test|examples)/' },
    },
    {
      name: 'no-node-in-browser',
      comment: 'The core, the operators and the schemas run in a browser too.',
      severity: 'error',
      from: { path: inside(BROWSER) },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'zod-as-types',
      comment: 'zod is a peer: only the rooms listed for it may load it.',
      severity: 'error',
      from: { path: OURS, pathNot: inside(ZOD) },
      to: { path: '(^|/)node_modules/zod/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-deep-rxjs',
      comment: "RxJS by its public doors: 'rxjs', 'rxjs/testing'.",
      severity: 'error',
      from: {},
      to: { path: '(^|/)node_modules/rxjs/', pathNot: 'rxjs/dist/[^/]+/(testing/index|index)[.]' },
    },
    {
      name: 'declared-dependencies',
      comment: 'What we ship imports only `dependencies` and peers.',
      severity: 'error',
      from: { path: OURS },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-bundled'],
        dependencyTypesNot: ['npm-peer'],
      },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that imports nothing and that nobody imports is dead.',
      severity: 'error',
      from: { orphan: true, path: OURS },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What the benchmark measures Tutti beside has a package.json of its own, and is not always installed.
    exclude: { path: '^test/bench/(peers|node_modules|output)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
