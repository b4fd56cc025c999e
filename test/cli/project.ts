import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../examples/run-file.ts';

/** A folder in which tutti is installed as a user installs it, with the examples and whatever else a test puts there. */
export class Project {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Builds tutti and installs it beside what this repository has installed. */
  static make(): Project {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tutti-command-')));
    const modules = join(folder, 'node_modules');
    const tutti = join(modules, 'tutti');
    mkdirSync(tutti, { recursive: true });
    for (const name of readdirSync(join(root, 'node_modules')))
      if (!name.startsWith('.') && name !== 'tutti')
        symlinkSync(join(root, 'node_modules', name), join(modules, name));
    for (const name of ['package.json', 'schema'])
      cpSync(join(root, name), join(tutti, name), { recursive: true });
    const compiler = join(root, 'node_modules/typescript7/bin/tsc');
    const build = ['-p', join(root, 'test/house/tsconfig.build.json'), '--outDir', join(tutti, 'dist')];
    execFileSync(process.execPath, [compiler, ...build, '--declaration', 'false']);
    const project = new Project(folder);
    chmodSync(project.command, 0o755);
    mkdirSync(join(modules, '.bin'));
    symlinkSync(project.command, join(modules, '.bin/tutti'));
    cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
    project.put('package.json', '{ "type": "module" }');
    return project;
  }

  /** The file that `npx tutti` runs. */
  get command(): string {
    return join(this.folder, 'node_modules/tutti/dist/src/cli/main.js');
  }

  /** Writes a file into it, and gives its name. */
  put(name: string, content: string): string {
    mkdirSync(join(this.folder, name, '..'), { recursive: true });
    writeFileSync(join(this.folder, name), content);
    return name;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
