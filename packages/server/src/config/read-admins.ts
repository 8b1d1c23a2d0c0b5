import { Err, Ok, type Result } from '@loft/sync-core/result';
import { ADMIN_NAME, type AdminRole, type AdminToken } from '../http/admins.js';
import type { ConfigurationFault } from './configuration-fault.js';
import type { Environment } from './environment.js';

const REMEDY = 'Write name:role:token, with commas between several; the role is read or act.';

function isRole(text: string | undefined): text is AdminRole {
  return text === 'read' || text === 'act';
}

function fault(problem: string): ConfigurationFault {
  return { source: 'environment', where: 'ADMIN_TOKENS', problem, remedy: REMEDY };
}

/** Reads one `name:role:token`; the token may contain colons. */
function adminOf(entry: string, nth: number): Result<AdminToken, ConfigurationFault> {
  const [name = '', role, ...rest] = entry.trim().split(':');
  const token = rest.join(':').trim();
  if (name.trim() === '' || token === '') return Err(fault(`is wrong at entry ${nth}: a name or a token is missing`));
  if (!isRole(role?.trim())) return Err(fault(`is wrong at entry ${nth}: its role is neither read nor act`));
  if (name.length > 60) return Err(fault(`is wrong at entry ${nth}: its name is longer than 60 characters`));
  return Ok({ name: name.trim(), role: role?.trim() === 'read' ? 'read' : 'act', token });
}

/** Reads the accepted tokens: `ADMIN_TOKEN` with the role `act`, and those of `ADMIN_TOKENS`. */
export function adminsOf(environment: Environment): Result<readonly AdminToken[], readonly ConfigurationFault[]> {
  const { ADMIN_TOKEN: single, ADMIN_TOKENS: several } = environment;
  const admins: AdminToken[] = single === undefined ? [] : [{ name: ADMIN_NAME, role: 'act', token: single }];
  const faults: ConfigurationFault[] = [];
  const entries = (several ?? '').split(',').filter((entry) => entry.trim() !== '');
  for (const [index, entry] of entries.entries()) {
    const admin = adminOf(entry, index + 1);
    if (admin.err) faults.push(admin.val);
    else if (admins.some(({ name }) => name === admin.val.name))
      faults.push(fault(`has the name ${admin.val.name} twice`));
    else if (admins.some(({ token }) => token === admin.val.token)) faults.push(fault('has one token under two names'));
    else admins.push(admin.val);
  }
  return faults.length > 0 ? Err(faults) : Ok(admins);
}
