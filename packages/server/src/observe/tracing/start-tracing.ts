import { trace } from '@opentelemetry/api';
import { NodeSDK, resources } from '@opentelemetry/sdk-node';
import { createTracing } from './create-tracing.js';
import type { Tracing } from './tracing.js';

/** What is not sent by then is lost: the process has to end. */
const SHUTDOWN_MS = 2000;

/**
 * Starts OpenTelemetry's SDK, which reads the usual `OTEL_*` variables itself: exporter, headers, sampling, names. Only
 * traces are sent; metrics are at `/metrics`, logs on standard output. What the SDK would find out about the process is
 * left out, since a command line is nobody's business.
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
