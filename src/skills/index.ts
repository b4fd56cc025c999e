export { type FileOptions, fileRead, fileWrite } from './files.ts';
export { ForbiddenAddressError } from './forbidden-address-error.ts';
export { ForbiddenPathError } from './forbidden-path-error.ts';
export { type HttpRequestOptions, httpRequest } from './http-request.ts';
export { type BuiltInOptions, registerBuiltIns } from './register-built-ins.ts';
export { type ShellOptions, shell } from './shell.ts';
export { logSkill, sleepSkill, transformSkill } from './small-skills.ts';
export { approvalSkill, waitForSkill } from './wait-skills.ts';
