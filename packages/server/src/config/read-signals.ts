import { createHash } from 'node:crypto';
import { Err, Ok, type Result } from '@loft/sync-core/result';
import type { SignalReceiver } from '../signals/signal-types.js';
import type { ConfigurationFault } from './configuration-fault.js';
import type { Environment } from './environment.js';
import type { SettingsFile } from './settings-file.js';

/** A secret of the Standard Webhooks convention: 24 bytes or more. */
const SECRET = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/;

const REMEDY = 'Set it to whsec_ and a random key in base64: echo whsec_$(openssl rand -base64 24).';

/** Reads the webhooks of the signals, with their secrets from the environment. */
export function signalsOf(
  { signals }: Pick<SettingsFile, 'signals'>,
  environment: Environment,
): Result<readonly SignalReceiver[], readonly ConfigurationFault[]> {
  const faults: ConfigurationFault[] = [];
  const receivers = signals.flatMap(({ leadMinutes, secretEnv, types, url }, index): readonly SignalReceiver[] => {
    const secret = environment.otherVariable?.(secretEnv) ?? '';
    const named = `is named by signals[${index}].secretEnv`;
    const problem = secret === '' ? `${named} and is missing` : `${named} and is not such a secret`;
    if (!SECRET.test(secret)) {
      faults.push({ source: 'environment', where: secretEnv, problem, remedy: REMEDY });
      return [];
    }
    const id = createHash('sha256').update(url).digest('hex').slice(0, 12);
    return [{ id, url, secret, types: types ?? null, leadMinutes }];
  });
  return faults.length > 0 ? Err(faults) : Ok(receivers);
}
