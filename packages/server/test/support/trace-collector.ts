import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly events: readonly { readonly name: string; readonly attributes: readonly OtlpAttribute[] }[];
  readonly status: { readonly code?: number };
}

interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

type Fields = Readonly<Record<string, unknown>>;

/** A span as it was received, with its attributes as an object. */
export interface ReceivedSpan extends Omit<OtlpSpan, 'attributes' | 'events'> {
  readonly attributes: Fields;
  readonly resource: Fields;
  readonly events: readonly { readonly name: string; readonly attributes: Fields }[];
}

function fieldsOf(attributes: readonly OtlpAttribute[] = []): Fields {
  const valueOf = ({ stringValue, intValue, doubleValue, boolValue }: OtlpValue): unknown =>
    stringValue ?? doubleValue ?? boolValue ?? (intValue === undefined ? undefined : Number(intValue));
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

/** Receives traces as OTLP over HTTP, in JSON. */
export class TraceCollector {
  readonly spans: ReceivedSpan[] = [];
  /** All received traces, as text. */
  text = '';
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<TraceCollector> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
        if (request.url === '/v1/traces') collector.#take(text);
        response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
      });
    });
    const collector = new TraceCollector(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  #take(text: string): void {
    this.text += text;
    for (const { resource, scopeSpans } of (JSON.parse(text) as OtlpRequest).resourceSpans) {
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
        const events = (span.events ?? []).map(({ name, attributes }) => ({ name, attributes: fieldsOf(attributes) }));
        const attributes = fieldsOf(span.attributes);
        this.spans.push({ ...span, attributes, resource: fieldsOf(resource.attributes), events });
      }
    }
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The environment variables that make the service send its traces here. */
  get environment(): Readonly<Record<string, string>> {
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: this.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    };
  }

  named(name: string): readonly ReceivedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  /** The names from a span up to the first of its trace that was received. */
  pathOf(span: ReceivedSpan): readonly string[] {
    const parent = this.spans.find(({ spanId }) => spanId === span.parentSpanId);
    return parent ? [...this.pathOf(parent), span.name] : [span.name];
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
