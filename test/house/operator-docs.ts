import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { type OptionDoc, optionDocs } from './option-docs.ts';

/** What the source says of one operator. */
export interface OperatorDoc {
  readonly name: string;
  /** Where it is, from the top of the repository. */
  readonly file: string;
  /** The door it is exported by. */
  readonly door: string;
  /** Its types, as they are written: one for each way to call it. */
  readonly signatures: readonly string[];
  /** What it does, in one sentence. */
  readonly sentence: string;
  /** Its marble diagram, line by line. */
  readonly diagram: readonly string[];
  /** What is said beside all of this, in order. */
  readonly prose: readonly string[];
  readonly errors: string;
  readonly events: string;
  /** Its runnable example. */
  readonly example: string;
  readonly params: readonly { readonly name: string; readonly text: string }[];
  /** What `options` may hold. */
  readonly options: readonly OptionDoc[];
}

/** Reads the documentation of every function that a door exports, in the order of the door. */
export function operatorDocs(top: string, door: string, index: string): OperatorDoc[] {
  return exportsOf(join(top, index)).flatMap(({ name, file }) => {
    const declared = functionsOf(parse(file), name);
    const [first] = declared;
    if (first === undefined) return [];
    const signatures = declared.filter(({ body }, n) => n === 0 || body === undefined).map(signatureOf);
    const options = optionDocs(declared, parse).map((one) => ({ ...one, text: unwrapped(one.text) }));
    return [{ name, file: relative(top, file), door, signatures, ...docOf(first), options }];
  });
}

/** The values that an index names, and where they are defined. */
function exportsOf(index: string): { readonly name: string; readonly file: string }[] {
  return parse(index).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.isTypeOnly) return [];
    const { exportClause, moduleSpecifier } = statement;
    if (!exportClause || !ts.isNamedExports(exportClause)) return [];
    if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return [];
    const file = join(dirname(index), moduleSpecifier.text);
    return exportClause.elements
      .filter(({ isTypeOnly }) => !isTypeOnly)
      .map(({ name }) => ({ name: name.text, file }));
  });
}

/** Parses a source file, with its comments. */
export function parse(file: string): ts.SourceFile {
  const text = ts.sys.readFile(file);
  if (text === undefined) throw new Error(`there is no ${file}`);
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
}

function functionsOf(source: ts.SourceFile, name: string): ts.FunctionDeclaration[] {
  return source.statements.filter(
    (statement): statement is ts.FunctionDeclaration =>
      ts.isFunctionDeclaration(statement) && statement.name?.text === name,
  );
}

function signatureOf(declared: ts.FunctionDeclaration): string {
  const source = declared.getSourceFile();
  const start = declared.name?.getStart(source) ?? declared.getStart(source);
  const end = declared.body?.getFullStart() ?? declared.end;
  return source.text.slice(start, end).replace(/;$/, '').trim();
}

type Said = Pick<OperatorDoc, 'sentence' | 'diagram' | 'prose' | 'errors' | 'events' | 'example' | 'params'>;

function docOf(declared: ts.FunctionDeclaration): Said {
  const doc = ts.getJSDocCommentsAndTags(declared).find((node) => ts.isJSDoc(node));
  const text = ts.getTextOfJSDocComment(doc?.comment) ?? '';
  const example = /```ts\n(.*?)\n```/s.exec(text)?.[1] ?? '';
  const paragraphs = text
    .replace(/```ts\n.*?\n```/s, '')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trimEnd())
    .filter((paragraph) => paragraph !== '');
  const [sentence = '', second = '', ...others] = paragraphs;
  const drawn = isDiagram(second);
  const rest = drawn || second === '' ? others : [second, ...others];
  const labelled = (label: string): string =>
    rest.find((paragraph) => paragraph.startsWith(`${label}: `))?.slice(label.length + 2) ?? '';
  return {
    sentence: unwrapped(sentence),
    diagram: drawn ? second.split('\n') : [],
    prose: rest.filter((paragraph) => !/^(Errors|Events): /.test(paragraph)).map(unwrapped),
    errors: unwrapped(labelled('Errors')),
    events: unwrapped(labelled('Events')),
    example,
    params: paramsOf(declared),
  };
}

/** Time passes in it. */
function isDiagram(paragraph: string): boolean {
  return /-{2,}|-\(|\)-/.test(paragraph);
}

function paramsOf(declared: ts.FunctionDeclaration): OperatorDoc['params'] {
  return ts
    .getJSDocTags(declared)
    .filter((tag) => ts.isJSDocParameterTag(tag))
    .map((tag) => ({
      name: tag.name.getText(),
      text: unwrapped(ts.getTextOfJSDocComment(tag.comment) ?? ''),
    }));
}

/** One line of a paragraph; the items of a list keep theirs. */
function unwrapped(paragraph: string): string {
  return paragraph.replace(/\n\s*(?!\s*- )/g, ' ').trim();
}
