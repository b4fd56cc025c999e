import { dirname, join } from 'node:path';
import ts from 'typescript';

/** What the source says of one option. */
export interface OptionDoc {
  /** As it is written: `maxRetries`, `sampling.window`. */
  readonly name: string;
  readonly text: string;
  readonly required: boolean;
}

type Parse = (file: string) => ts.SourceFile;

/** The options of a function, each once, however many ways there are to call it. */
export function optionDocs(declared: readonly ts.FunctionDeclaration[], parse: Parse): OptionDoc[] {
  const reader = new OptionReader(parse);
  const types = declared.flatMap(({ parameters }) =>
    parameters.filter(({ name }) => name.getText() === 'options').flatMap(({ type }) => type ?? []),
  );
  const named = new Map<string, OptionDoc>();
  for (const { name, text, required } of types.flatMap((type) => reader.of(type))) {
    const before = named.get(name);
    const always = required && before?.required !== false;
    named.set(name, { name, text: text === '' ? (before?.text ?? '') : text, required: always });
  }
  return [...named.values()];
}

/** Reads the options that a type holds, those included that it takes over from other types. */
class OptionReader {
  readonly #parse: Parse;

  constructor(parse: Parse) {
    this.#parse = parse;
  }

  of(type: ts.TypeNode | ts.ExpressionWithTypeArguments): OptionDoc[] {
    if (ts.isTypeLiteralNode(type)) return this.#members(type.members);
    if (ts.isParenthesizedTypeNode(type)) return this.of(type.type);
    if (ts.isIntersectionTypeNode(type) || ts.isUnionTypeNode(type))
      return type.types.flatMap((part) => this.of(part));
    if (ts.isTypeReferenceNode(type)) return this.#named(type.typeName.getText(), type.getSourceFile());
    if (ts.isExpressionWithTypeArguments(type))
      return this.#named(type.expression.getText(), type.getSourceFile());
    return [];
  }

  #named(name: string, source: ts.SourceFile): OptionDoc[] {
    for (const statement of source.statements) {
      if (ts.isInterfaceDeclaration(statement) && statement.name.text === name) {
        const inherited = statement.heritageClauses?.flatMap(({ types }) => types) ?? [];
        return [...this.#members(statement.members), ...inherited.flatMap((type) => this.of(type))];
      }
      if (ts.isTypeAliasDeclaration(statement) && statement.name.text === name)
        return this.of(statement.type);
      const from = importedFrom(statement, name);
      if (from !== undefined) return this.#named(name, this.#parse(join(dirname(source.fileName), from)));
    }
    return [];
  }

  #members(members: ts.NodeArray<ts.TypeElement>): OptionDoc[] {
    return members.filter(ts.isPropertySignature).flatMap((member) => {
      const name = member.name.getText();
      const inside =
        member.type !== undefined && ts.isTypeLiteralNode(member.type) ? this.of(member.type) : [];
      const doc = ts.getJSDocCommentsAndTags(member).find((node) => ts.isJSDoc(node));
      const text = ts.getTextOfJSDocComment(doc?.comment) ?? '';
      const required = member.questionToken === undefined;
      return [{ name, text, required }, ...inside.map((one) => ({ ...one, name: `${name}.${one.name}` }))];
    });
  }
}

/** The file of our own that a statement imports a name from. */
function importedFrom(statement: ts.Statement, name: string): string | undefined {
  if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return undefined;
  const bindings = statement.importClause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return undefined;
  const imports = bindings.elements.some((element) => element.name.text === name);
  return imports && statement.moduleSpecifier.text.startsWith('.')
    ? statement.moduleSpecifier.text
    : undefined;
}
