import ts from 'typescript';

/** The doc comments of a source text without their stars, each on its own lines; all other lines are empty. */
export function docCommentsOf(file: string, text: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const lines: string[] = text.split(/\r?\n/).map(() => '');
  const visit = (node: ts.Node): void => {
    for (const doc of ts.getJSDocCommentsAndTags(node)) {
      if (!ts.isJSDoc(doc)) continue;
      const { line } = source.getLineAndCharacterOfPosition(doc.pos);
      for (const [index, written] of text.slice(doc.pos, doc.end).split(/\r?\n/).entries())
        lines[line + index] = written.replace(/^\s*\/?\*+(\/| ?)/, '');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lines.join('\n');
}
