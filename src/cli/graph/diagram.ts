/** A workflow as what is drawn of it. */
export interface Diagram {
  readonly name: string;
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
}

/** A step, or what takes over from one. */
export interface DiagramNode {
  readonly id: string;
  /** Lines of text. */
  readonly label: readonly string[];
  /** Steps always run, unless a condition says otherwise; helpers only take over, reduce or undo. */
  readonly kind: 'step' | 'helper';
}

/** What comes after what. */
export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  /** Whether it is taken only when something asks for it. */
  readonly dashed?: boolean;
}
