/** What the command ends with. */
export const exitCode = {
  completed: 0,
  failed: 1,
  /** The definition, the input or the command line cannot be used. */
  refused: 2,
  cancelled: 130,
} as const;
