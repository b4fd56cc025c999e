export type { LoadOptions } from './compile/load-options.ts';
export { checkWorkflow, type LoadedWorkflow, loadWorkflow } from './compile/load-workflow.ts';
export type { WorkflowSettings } from './compile/settings.ts';
export { type TaskResolverOptions, taskResolver } from './compile/task-resolver.ts';
export { type Skill, type SkillOptions, SkillRegistry } from './registry/skill-registry.ts';
export { type Definition, definitionSchema } from './schema/definition-schema.ts';
export { type JsonSchema, workflowJsonSchema } from './schema/workflow-json-schema.ts';
export type { FileFormat } from './source/read-text.ts';
