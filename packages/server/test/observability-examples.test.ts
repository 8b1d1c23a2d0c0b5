import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { REASONS } from '@loft/sync-core/rules';
import { parse } from 'yaml';
import { createMetrics } from '#src/observe/metrics.js';

const EXAMPLES = new URL('../../../examples/observability/', import.meta.url);

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Panel {
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly w: number };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

/** Every series of a scrape, by name, with its labels. */
function seriesThatExist(): ReadonlyMap<string, ReadonlySet<string>> {
  const series = new Map<string, ReadonlySet<string>>();
  for (const metric of createMetrics().registry.getMetricsAsArray()) {
    const { name, labelNames = [] } = metric as unknown as { name: string; labelNames?: readonly string[] };
    // Labels that Prometheus adds to every series.
    const labels = [...labelNames, 'instance', 'job'];
    if (metric.constructor.name !== 'Histogram') series.set(name, new Set(labels));
    else {
      series.set(`${name}_bucket`, new Set([...labels, 'le']));
      for (const suffix of ['sum', 'count']) series.set(`${name}_${suffix}`, new Set(labels));
    }
  }
  return series;
}

/** Labels with a fixed set of values. A matcher by `=` or `!=` must name one of them. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  direction: ['USCHEDULE_TO_GCAL', 'GCAL_TO_USCHEDULE'],
  outcome: ['ok', 'retry', 'dead-letter'],
  state: ['due', 'waiting', 'claimed'],
  system: ['uschedule', 'google'],
  reason: REASONS,
  feed: ['bookings'],
};

/** The faults of the names in an expression. */
function faultsOf(expr: string): readonly string[] {
  const existing = seriesThatExist();
  const used = [...expr.matchAll(/\b(loft_\w+)(?:\{([^}]*)\})?/g)];
  if (used.length === 0) return ['names no metric of ours'];
  const faults: string[] = [];
  const labelsOfAll = new Set<string>();
  for (const [, name = '', matchers = ''] of used) {
    const labels = existing.get(name);
    if (!labels) faults.push(`there is no ${name}`);
    for (const label of labels ?? []) labelsOfAll.add(label);
    for (const [, label = '', operator = '', value = ''] of matchers.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)) {
      if (labels && !labels.has(label)) faults.push(`${name} has no label ${label}`);
      const exact = operator === '=' || operator === '!=';
      if (exact && VALUES[label] && !VALUES[label].includes(value)) faults.push(`${label} is never "${value}"`);
    }
  }
  for (const [, list = ''] of expr.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g)) {
    for (const label of list.split(',').map((text) => text.trim())) {
      if (!labelsOfAll.has(label)) faults.push(`nothing there has the label ${label}`);
    }
  }
  return faults;
}

/** The labels after the outermost aggregation: a legend or an annotation can show these. */
function labelsLeft(expr: string): ReadonlySet<string> {
  const grouped = [...expr.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(','));
  return new Set([...grouped.map((text) => text.trim()), ...(/\bon \(instance\)/.test(expr) ? ['instance'] : [])]);
}

describe('the check of expressions', () => {
  it('finds wrong metrics, labels and values', () => {
    expect(faultsOf('sum(loft_sync_nothing_total)')).to.deep.equal(['there is no loft_sync_nothing_total']);
    expect(faultsOf('loft_sync_tasks{status="due"}')).to.deep.equal(['loft_sync_tasks has no label status']);
    expect(faultsOf('loft_sync_tasks{state="running"}')).to.deep.equal(['state is never "running"']);
    expect(faultsOf('sum by (bay) (loft_sync_tasks)')).to.deep.equal(['nothing there has the label bay']);
    expect(faultsOf('loft_sync_propagation_seconds')).to.deep.equal(['there is no loft_sync_propagation_seconds']);
    expect(faultsOf('up == 0')).to.deep.equal(['names no metric of ours']);
  });
});

describe('the alert rules of the examples', () => {
  let rules: readonly Rule[];

  before(async () => {
    const text = await readFile(new URL('prometheus-alerts.yaml', EXAMPLES), 'utf8');
    const file = parse(text) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] };
    rules = file.groups.flatMap((group) => group.rules);
  });

  it('cover every state that needs a person', () => {
    expect(rules.map(({ alert }) => alert)).to.include.members([
      'LoftSyncBookingFeedStale',
      'LoftSyncCalendarFeedStale',
      'LoftSyncDeadLetters',
      'LoftSyncChannelExpiring',
      'LoftSyncGuardTripped',
      'LoftSyncErrorRate',
    ]);
  });

  it('use only metrics, labels and values that exist', () => {
    for (const { alert, expr } of rules) expect(faultsOf(expr), alert).to.deep.equal([]);
  });

  it('have a severity, a summary and a remedy, with labels that exist after aggregation', () => {
    for (const { alert, expr, labels, annotations } of rules) {
      expect(['page', 'ticket'], alert).to.include(labels['severity']);
      expect(annotations, alert).to.have.all.keys('summary', 'description');
      for (const [, label] of Object.values(annotations)
        .join(' ')
        .matchAll(/\$labels\.(\w+)/g)) {
        expect([...labelsLeft(expr)], alert).to.include(label);
      }
    }
  });
});

describe('the dashboard of the examples', () => {
  let panels: readonly Panel[];

  before(async () => {
    const text = await readFile(new URL('grafana-dashboard.json', EXAMPLES), 'utf8');
    ({ panels } = JSON.parse(text) as { readonly panels: readonly Panel[] });
  });

  it('uses only metrics, labels and values that exist', () => {
    for (const { title, targets } of panels) {
      for (const { expr, legendFormat } of targets) {
        expect(faultsOf(expr), title).to.deep.equal([]);
        for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
          expect([...labelsLeft(expr)], title).to.include(label);
        }
      }
    }
  });

  it('shows every metric', () => {
    const shown = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n');
    const names = createMetrics()
      .registry.getMetricsAsArray()
      .map(({ name }) => name);
    for (const name of names) expect(shown).to.contain(name);
  });

  it('fits the width of a page', () => {
    for (const { gridPos, title } of panels) expect(gridPos.x + gridPos.w, title).to.be.at.most(24);
  });
});
