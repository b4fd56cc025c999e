export type DocumentProblem = 'missing' | 'directory' | 'unreadable' | 'too-large' | 'binary' | 'empty';

const explanations: Readonly<Record<DocumentProblem, string>> = {
  missing: 'there is no such file',
  directory: 'it is a directory, not a file',
  unreadable: 'it cannot be read',
  'too-large': 'it is larger than 5 MB',
  binary: 'it is not text (neither UTF-8 nor UTF-16 with a byte order mark)',
  empty: 'it has no text in it',
};

/** A file that cannot be analysed, and why. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly code = 'DOCUMENT';
  readonly problem: DocumentProblem;
  readonly path: string;

  constructor(problem: DocumentProblem, path: string, options?: ErrorOptions) {
    super(`${path}: ${explanations[problem]}`, options);
    this.problem = problem;
    this.path = path;
  }
}
