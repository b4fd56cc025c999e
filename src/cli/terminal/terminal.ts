import type { WriteStream } from 'node:tty';
import pc from 'picocolors';
import { type Glyphs, glyphsFor } from './glyphs.ts';
import { hasColors } from './has-colors.ts';

/** What can be written with, and how wide it is. */
export interface Terminal {
  readonly stream: NodeJS.WriteStream;
  readonly isTTY: boolean;
  readonly colors: ReturnType<typeof pc.createColors>;
  readonly glyphs: Glyphs;
  /** Read anew each time: windows are resized. */
  columns(): number;
  rows(): number;
}

/** The terminal behind a stream; what is none has 80 columns and no end. */
export function terminalOf(stream: NodeJS.WriteStream & Partial<WriteStream>): Terminal {
  const isTTY = stream.isTTY === true;
  return {
    stream,
    isTTY,
    colors: pc.createColors(hasColors(process.env, isTTY)),
    glyphs: glyphsFor(process.env, process.platform),
    // A terminal that does not know its size says 0
    columns: () => stream.columns || 80,
    rows: () => (isTTY ? stream.rows || 24 : Number.POSITIVE_INFINITY),
  };
}
