import type { Provider } from '../../text/provider-table.ts';
import type { SkillRegistry } from '../registry/skill-registry.ts';
import type { FileFormat } from '../source/read-text.ts';
import type { TaskResolverOptions } from './task-resolver.ts';

/** What a workflow file is read with. */
export interface LoadOptions extends TaskResolverOptions {
  /** The skills that it can use. */
  readonly registry: SkillRegistry;
  /** The file's name, for messages; its extension tells the format. */
  readonly file?: string;
  /** Default: by the file's name, else by the looks of the text. */
  readonly format?: FileFormat;
  /** Who `with GPT-4` speaks of in a flow. */
  readonly providers?: readonly Provider[];
}
