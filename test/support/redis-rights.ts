/** What the processes of an account need of an ACL user at least, as arguments of `ACL SETUSER`; docs/deploy.md says why. */
export function leastRights(prefix: string): readonly string[] {
  return [`~${prefix}:*`, '-@all', '+@read', '+@write', '+@connection', '+@scripting', '-@dangerous', '+time'];
}

/** So that a wrong eviction policy, missing persistence and a fail-over are noticed. */
export const rightsOfInfo: readonly string[] = ['+info', '+config|get'];

/** So that the nodes of a cluster are found. */
export const rightsOfCluster: readonly string[] = ['+cluster|slots', '+cluster|info'];
