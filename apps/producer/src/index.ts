export { type Produced, produce } from './produce.ts';
export {
  checkWorkspaceOptions,
  chooseWorkspaces,
  type Selection,
  selectAll,
  type WorkspaceOptions,
} from './workspaces.ts';
