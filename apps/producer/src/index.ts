export { checkWorkspaceOptions, chooseWorkspaces, type WorkspaceOptions } from './choose-workspaces.ts';
export { type Produced, produce } from './produce.ts';
export { type Selection, selectAll } from './select-workspaces.ts';
