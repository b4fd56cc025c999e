/** The longest file, in characters. */
export const maxFileSize = 200_000;

/** How deep lists and records of a file may nest. */
export const maxFileDepth = 60;
