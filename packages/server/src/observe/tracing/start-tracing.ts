import { trace } from '@opentelemetry/api';
import { NodeSDK, resources } from '@opentelemetry/sdk-node';
import { createTracing } from './create-tracing.js';
import type { Tracing } from './tracing.js';

/** Maximum wait for the last export before the process ends. */
const SHUTDOWN_MS = 2000;

/**
 * Starts OpenTelemetry's SDK, which reads the usual `OTEL_*` variables: exporter, headers, sampling, names. Exports
 * traces only; metrics are at `/metrics`, logs on standard output. Detection of process attributes is off, because a
 * command line may contain private data.
 */
export function startTracing(version: string): Tracing {
  const { defaultResource, envDetector, hostDetector, resourceFromAttributes } = resources;
  const ours = resourceFromAttributes({ 'service.name': 'loft-sync', 'service.version': version });
  const sdk = new NodeSDK({
    resource: defaultResource().merge(ours),
    resourceDetectors: [envDetector, hostDetector],
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  return createTracing(trace.getTracer('loft-sync', version), async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, SHUTDOWN_MS)));
    await Promise.race([sdk.shutdown().catch(() => undefined), late]);
    clearTimeout(timer);
  });
}
