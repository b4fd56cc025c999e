import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inPipe } from './call.ts';
import { Project } from './project.ts';

const patience = 120_000;
const options = { timeout: patience };
let project: Project;

beforeAll(() => {
  project = Project.make();
}, patience);

afterAll(() => project.remove());

/** Runs a script of a folder's `package.json`, and gives what it writes. */
function script(folder: string, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      'npm',
      ['run', '--silent', name],
      { cwd: join(project.folder, folder) },
      (error, stdout, stderr) => (error === null ? resolve(stdout) : reject(new Error(stderr))),
    );
  });
}

interface Manifest {
  readonly type?: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(project.folder, folder, 'package.json'), 'utf8'));
}

describe('tutti init', () => {
  it.concurrent('makes a project that starts, and does not write over it', options, async () => {
    const made = inPipe(project, ['init', 'sub/first']);
    expect(await made.code).toBe(0);
    expect(made.stdout).toContain('Now run: cd sub/first && npm install && npm start\n');
    const [events, text, validity, graph] = await Promise.all(
      ['start', 'text', 'validate', 'graph'].map((name) => script('sub/first', name)),
    );
    expect(events).toContain('"output":{"text":"11 WORDS: STEPS RUN AS SOON AS"}');
    expect(text).toContain('"output":"Make it shorter: nobody was asked');
    expect(validity).toBe('workflow.yaml: valid\n');
    expect(graph).toMatch(/^flowchart TD\n/);
    const again = inPipe(project, ['init', 'sub/first']);
    expect(await again.code).toBe(2);
    expect(again.stderr).toBe(
      'tutti: sub/first/tutti.config.ts exists already; choose another folder, such as: tutti init my-workflows\n',
    );
    expect(existsSync(join(project.folder, 'node_modules/tutti/schema/workflow.schema.json'))).toBe(true);
  });

  it.concurrent('adds to a project what it lacks, and keeps what it has', options, async () => {
    const own = {
      name: 'own',
      type: 'commonjs',
      scripts: { start: 'node .' },
      dependencies: { tutti: 'file:../tutti.tgz' },
      devDependencies: { zod: '4.0.0' },
    };
    project.put('own/package.json', JSON.stringify(own));
    project.put('own/.gitignore', 'mine\n');
    const made = inPipe(project, ['init'], { cwd: join(project.folder, 'own') });
    expect(await made.code).toBe(0);
    expect(made.stdout).toContain('  package.json (added to)\n');
    expect(made.stdout).toContain(
      'Now run: npm install && npx tutti run workflow.yaml --input @input.json\n',
    );
    expect(manifestOf('own')).toMatchObject({
      ...own,
      scripts: { start: 'node .', validate: expect.any(String) },
    });
    expect(Object.keys(manifestOf('own').dependencies).toSorted()).toEqual([
      'ipaddr.js',
      'rxjs',
      'tutti',
      'undici',
    ]);
    expect(readFileSync(join(project.folder, 'own/.gitignore'), 'utf8')).toBe('mine\n');
    expect(await script('own', 'text')).toContain('"output":"Make it shorter: nobody was asked');
  });

  it.concurrent('leaves a package.json alone that it cannot read', options, async () => {
    project.put('broken/package.json', '{');
    const made = inPipe(project, ['init', 'broken']);
    expect(await made.code).toBe(2);
    expect(made.stderr).toContain('holds no JSON record');
    expect(existsSync(join(project.folder, 'broken/workflow.yaml'))).toBe(false);
  });
});

describe('installedFrom', () => {
  it('lets the project depend on what runs: a version, or a package file', options, async () => {
    const notes = 'node_modules/.package-lock.json';
    const versions: (string | undefined)[] = [];
    for (const resolved of [
      'https://example.com/tutti.tgz',
      'file:../tutti-0.1.0.tgz',
      'git+ssh://a/b.git#1',
    ]) {
      project.put(notes, JSON.stringify({ packages: { 'node_modules/tutti': { resolved } } }));
      const folder = `from/${versions.length}`;
      expect(await inPipe(project, ['init', folder]).code).toBe(0);
      versions.push(manifestOf(folder).dependencies.tutti);
    }
    rmSync(join(project.folder, notes));
    expect(versions).toEqual([
      expect.stringMatching(/^\^\d+\.\d+\.\d+$/),
      'file:../../../tutti-0.1.0.tgz',
      'git+ssh://a/b.git#1',
    ]);
  });
});

describe('http.request', () => {
  it(
    'works in a project that was just made, and says what to install where it is missing',
    options,
    async () => {
      expect(await inPipe(project, ['init', 'asks']).code).toBe(0);
      const server = createServer((_, response) => response.end('hello'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const asked = (folder: string) =>
        inPipe(project, ['run', 'http.request', '--set', `url=http://127.0.0.1:${port}/`, '--quiet'], {
          cwd: join(project.folder, folder),
        });
      const guarded = asked('asks');
      expect(await guarded.code).toBe(1);
      expect(guarded.stderr).toBe('tutti: failed: http.request: 127.0.0.1 is not a public address\n');
      rmSync(join(project.folder, 'node_modules/undici'));
      mkdirSync(join(project.folder, 'bare'), { recursive: true });
      const bare = asked('bare');
      expect(await bare.code).toBe(1);
      expect(bare.stderr).toBe(
        'tutti: failed: http.request needs the packages undici and ipaddr.js: run "npm install undici ipaddr.js"\n',
      );
      server.close();
    },
  );
});
