/** What the process ends with. */
export const EXIT: { readonly ok: 0; readonly failed: 1; readonly configuration: 78 } = {
  ok: 0,
  failed: 1,
  /** `EX_CONFIG` of sysexits: a setting is missing or wrong (operating contract, "Commands"). */
  configuration: 78,
};
