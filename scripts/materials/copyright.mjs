/** Licenses that let the pictures be used, changed and passed on with what is drawn over them; others are refused. */
const accepted = /^(CC0(-1\.0)?|CC-BY(-SA)?(-\d\.\d)?|public-domain)$/;

/**
 * The paragraphs about files of a Debian package's machine-readable copyright file, in their order.
 * @param {string} text
 * @returns {{ patterns: string[], license: string, holders: string }[]}
 */
export function readTerms(text) {
  const fieldOf = (paragraph, name) =>
    new RegExp(`^${name}:((?:.*)(?:\\n[ \\t].*)*)`, 'm').exec(paragraph)?.[1].trim() ?? '';
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => ({
      patterns: fieldOf(paragraph, 'Files').split(/\s+/).filter(Boolean),
      license: fieldOf(paragraph, 'License').split('\n')[0].trim(),
      holders: fieldOf(paragraph, 'Copyright').replace(/\s+/g, ' ').replaceAll('|', '/'),
    }))
    .filter(({ patterns }) => patterns.length > 0);
}

/**
 * Who holds a file and under which license: what the last paragraph says that names it. Throws for licenses that are not
 * accepted and for files that no paragraph names.
 * @param {ReturnType<typeof readTerms>} terms
 * @param {string} path as the paragraphs have it
 */
export function termsOf(terms, path) {
  const matches = (pattern) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    ).test(path);
  const found = terms.findLast(({ patterns }) => patterns.some(matches));
  if (!found) throw new Error(`no terms for ${path}`);
  if (!found.license.split(/ and | or /).every((license) => accepted.test(license)))
    throw new Error(`${path} has the license ${found.license}`);
  return found;
}
