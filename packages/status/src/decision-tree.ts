import {
  type Category,
  type Evidence,
  findRule,
  type ProbeName,
  type RuleSetName,
  ruleSets,
  type Verdict,
} from '@inventory/classification';
import { endpointNames } from './evidence.ts';

/** Where an answer leads: to a category. */
interface Leaf {
  readonly category: Category;
  readonly rule: string;
  /** Whether this is the test's verdict. */
  readonly taken: boolean;
}

/** One probe, and where its answers lead. */
interface TreeNode {
  readonly endpoint: string;
  /** Whether the test's way leads here. */
  readonly on_path: boolean;
  readonly branches: (Leaf & { readonly says: '404' | '200' | '200 without sessions' })[];
  /** The answer that leads to the next probe. */
  readonly further: '404' | '200';
}

/** The probes of a rule set in their order. */
interface DecisionTree {
  readonly nodes: TreeNode[];
  /** Where the last probe leads. */
  readonly otherwise: Leaf;
}

const says = { absent: '404', present: '200', 'present without sessions': '200 without sessions' } as const;

/**
 * The probes by which a test is classified, and its way through them: to the rule of its verdict, or as far as its answers
 * lead.
 * @param rules the set for a test without a verdict by probe
 */
export function decisionTree(
  { evidence, verdict }: { readonly evidence: Evidence; readonly verdict: Verdict | null },
  rules: RuleSetName,
): DecisionTree {
  const rule = verdict?.source === 'probed' ? verdict.rule : null;
  const { rows, otherwise } = findRule(rule ?? '')?.rules ?? ruleSets[rules];
  const probes = [...new Set(rows.map(({ probe }) => probe))];
  const leafOf = ({ category, name }: typeof otherwise): Leaf => ({ category, rule: name, taken: name === rule });
  let onPath = true;
  const nodes = probes.map((probe): TreeNode => {
    const branches = rows.filter((row) => row.probe === probe).map((row) => ({ ...leafOf(row), says: says[row.says] }));
    const node = { endpoint: endpointNames[probe], on_path: onPath, branches, further: furtherOf(branches) };
    onPath &&= !branches.some(({ taken }) => taken) && (rule !== null || leadsOn(evidence, probe, node.further));
    return node;
  });
  return { nodes, otherwise: leafOf(otherwise) };
}

function furtherOf(branches: TreeNode['branches']): TreeNode['further'] {
  return branches.some((branch) => branch.says === '404') ? '200' : '404';
}

function leadsOn(evidence: Evidence, probe: ProbeName, further: TreeNode['further']): boolean {
  return evidence[probe]?.outcome === (further === '200' ? 'present' : 'absent');
}
