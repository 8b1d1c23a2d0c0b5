/** What the process ends with. */
export const EXIT: { readonly ok: 0; readonly failed: 1; readonly changes: 2; readonly configuration: 78 } = {
  ok: 0,
  failed: 1,
  /** A plan that was asked to say so by its exit code would write something. */
  changes: 2,
  /** `EX_CONFIG` of sysexits: a setting is missing or wrong (docs/operating-contract.md#commands). */
  configuration: 78,
};
