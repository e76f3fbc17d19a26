/**
 * What every script returns; the same shape as ScriptEnvelope in ../run-script.ts, declared again because
 * these files are a project of their own that knows nothing of Node.
 */
export type ScriptEnvelope<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly number: number; readonly message: string; readonly step: string };
