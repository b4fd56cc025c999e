export type { TaskDefaults } from './bind.ts';
export { type CompileOptions, compile, type TextDefaults } from './compile.ts';
export { type ParseOptions, parse } from './parse.ts';
export { print } from './print.ts';
export type { Provider } from './provider-table.ts';
export { onSubject, subjectOf, type TaskFailure, type TaskInput, type TaskOutput } from './task-input.ts';
export { type SkillTableOptions, skillTable, type TaskResolver, type TaskSkill } from './task-resolver.ts';
export type {
  ProviderTier,
  TextCondition,
  TextConditional,
  TextGroup,
  TextPhase,
  TextProvider,
  TextTask,
  TextWorkflow,
} from './tree.ts';
