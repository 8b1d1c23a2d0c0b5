/** The exit codes of the process. */
export const EXIT: { readonly ok: 0; readonly failed: 1; readonly changes: 2; readonly configuration: 78 } = {
  ok: 0,
  failed: 1,
  /** The plan has writes, and its options ask for an exit code in that case. */
  changes: 2,
  /** `EX_CONFIG` of sysexits: a setting is missing or wrong (docs/operating-contract.md#commands). */
  configuration: 78,
};
