/** The locale if the reader's languages are unknown. */
const DEFAULT_LOCALE = 'en-GB';

/** Maximum of locales that are tried for one request. */
const MAXIMUM_LOCALES = 10;

interface Preference {
  readonly tag: string;
  readonly quality: number;
}

function preferenceOf(part: string): Preference {
  const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { tag, quality: quality === undefined ? 1 : Number(quality) };
}

function isSupported(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([tag]).length > 0;
  } catch {
    // The text is not a language tag.
    return false;
  }
}

/** Finds the preferred locale in `Accept-Language`, for dates and times. */
export function readerLocale(acceptLanguage: string): string {
  const preferences = acceptLanguage.slice(0, 500).split(',').slice(0, MAXIMUM_LOCALES).map(preferenceOf);
  const preferred = preferences
    .filter(({ tag, quality }) => tag !== '' && tag !== '*' && quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  return preferred.find(({ tag }) => isSupported(tag))?.tag ?? DEFAULT_LOCALE;
}
