import { createHttpClient } from '@loft/sync-http';
import { ContainerModule } from 'inversify';
import type { ServiceSettings } from '../config/service-settings.js';
import { TOKENS } from './tokens.js';

/** One client for all outgoing requests, so that the process keeps a bounded number of connections. */
export const httpModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.http)
    .toResolvedValue(({ proxies }: ServiceSettings) => createHttpClient({ proxies }), [TOKENS.settings])
    .inSingletonScope()
    .onDeactivation((http) => http.close());
});
