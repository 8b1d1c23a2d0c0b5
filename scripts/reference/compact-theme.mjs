/**
 * The theme of the reference: the plugin's own without redundant parts. A signature shows its types, so it needs no
 * table of parameters and no section about its result; a class has only the methods that its interface does not describe;
 * and each page starts with a list of its contents. A page is in the order of the exports of its entry.
 */
import { Converter, ReflectionGroup, ReflectionKind } from 'typedoc';
import { MarkdownTheme, MarkdownThemeContext } from 'typedoc-plugin-markdown';

class CompactTheme extends MarkdownTheme {
  getRenderContext(page) {
    const context = new MarkdownThemeContext(this, page, this.application.options);
    const { memberWithGroups, signatureReturns } = context.partials;
    context.partials = {
      ...context.partials,
      inheritance: () => '',
      hierarchy: () => '',
      signatureReturns: (signature, options) =>
        signature.comment?.getTag('@returns') ? signatureReturns.call(context, signature, options) : '',
      memberWithGroups: (model, options) => {
        const text = memberWithGroups.call(context, model, options);
        if (!model.kindOf(ReflectionKind.Module)) return text;
        return text.replace(/^## /m, (heading) => `${contentsOf(model, this.router)}\n\n${heading}`);
      },
    };
    return context;
  }
}

/** One line for each kind of symbol on a page, with a link to each. */
function contentsOf(model, router) {
  return (model.groups ?? [])
    .map(({ title, children }) => {
      const links = children.map((child) => `[${child.name}](#${router.getAnchor(child)})`);
      return `**${title}**: ${links.join(' · ')}`;
    })
    .join('\n\n');
}

/** Typedoc replaces an alias of a number by its type; `Instant` is kept, because it names the unit. */
function keepInstants(context, reflection, declaration) {
  const node = declaration ?? context.getSymbolFromReflection(reflection)?.declarations?.[0];
  if (!reflection.type || !/\bInstant\b/.test(node?.type?.getText() ?? '')) return;
  reflection.type = context.converter.convertType(context.withScope(reflection), node.type);
}

/** Puts the exports of an entry into the order in which it names them: by use, not by kind. */
function orderByUse(context) {
  for (const entry of context.project.children ?? []) {
    const [source] = context.getSymbolFromReflection(entry)?.declarations ?? [];
    const exported = (source?.getSourceFile().text ?? '').replace(/^\/\*\*.*?\*\//s, '');
    const placeOf = ({ name }) => exported.search(new RegExp(`\\b${name}\\b(?=.*?\\bfrom\\b)`, 's'));
    if (!entry.children?.every((child) => placeOf(child) >= 0)) continue;
    const group = new ReflectionGroup('On this page', entry);
    group.children = entry.children.toSorted((a, b) => placeOf(a) - placeOf(b));
    entry.groups = [group];
  }
}

/** Methods of an interface are described there, not at its classes. */
function leaveToInterface(context) {
  for (const method of context.project.getReflectionsByKind(ReflectionKind.Method)) {
    const isClass = method.parent?.kindOf(ReflectionKind.Class);
    if (isClass && method.implementationOf) context.project.removeReflection(method);
  }
}

export function load(app) {
  // After typedoc has grouped the symbols by kind and resolved implementations.
  app.converter.on(Converter.EVENT_RESOLVE_END, leaveToInterface, -10);
  app.converter.on(Converter.EVENT_RESOLVE_END, orderByUse, -1000);
  app.renderer.defineTheme('compact', CompactTheme);
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => keepInstants(context, reflection));
  app.converter.on(Converter.EVENT_CREATE_PARAMETER, keepInstants);
  app.converter.on(Converter.EVENT_CREATE_SIGNATURE, keepInstants);
}
