/**
 * The look of the reference: the plugin's own, without what says nothing. A signature shows its types already, so it needs no
 * table of parameters and no section on what it returns; and each page begins with a list of what is on it.
 */
import { Converter, ReflectionKind } from 'typedoc';
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

/** One line for each kind of thing on a page, with a link to each. */
function contentsOf(model, router) {
  return (model.groups ?? [])
    .map(({ title, children }) => {
      const links = children.map((child) => `[${child.name}](#${router.getAnchor(child)})`);
      return `**${title}**: ${links.join(' · ')}`;
    })
    .join('\n\n');
}

/** Typedoc shows what a name stands for where that is a number; `Instant` says more than that, namely the unit. */
function keepInstants(context, reflection, declaration) {
  const node = declaration ?? context.getSymbolFromReflection(reflection)?.declarations?.[0];
  if (!reflection.type || !/\bInstant\b/.test(node?.type?.getText() ?? '')) return;
  reflection.type = context.converter.convertType(context.withScope(reflection), node.type);
}

export function load(app) {
  app.renderer.defineTheme('compact', CompactTheme);
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => keepInstants(context, reflection));
  app.converter.on(Converter.EVENT_CREATE_PARAMETER, keepInstants);
  app.converter.on(Converter.EVENT_CREATE_SIGNATURE, keepInstants);
}
