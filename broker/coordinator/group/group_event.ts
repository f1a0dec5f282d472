/** What an operator may want to read of a classic group's life. */
export type GroupEvent =
  | {
    readonly kind: "rebalance-started";
    readonly groupId: string;
    readonly generationId: number;
    readonly reason: string;
  }
  | {
    readonly kind: "generation-started";
    readonly groupId: string;
    readonly generationId: number;
    readonly memberCount: number;
  }
  | { readonly kind: "assignment-stored"; readonly groupId: string; readonly generationId: number }
  | {
    readonly kind: "member-removed";
    readonly groupId: string;
    readonly memberId: string;
    readonly reason: string;
  }
  | { readonly kind: "group-loaded"; readonly groupId: string; readonly memberCount: number };
