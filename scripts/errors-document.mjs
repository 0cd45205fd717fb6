/**
 * docs/errors.md, from the table in lib/errors.ts. A test tells when the file is not what comes out.
 * @param {Record<string, string>} errorTable
 */
export function errorsDocument(errorTable) {
  const rows = Object.entries(errorTable).map(([name, meaning]) => `| \`ERR_PLACARD_${name}\` | ${meaning} |`);
  return `<!-- Made by npm run docs from lib/errors.ts. -->
# Errors

Every promise that rejects and every call that throws does so with a \`PlacardError\`, an \`Error\` with a stable \`code\`; the
one exception is an \`AbortSignal\`, whose own \`reason\` is what comes. Messages are for people and may change. Where another
error led to this one, it is the \`cause\`.

\`\`\`js
import { PlacardError } from 'placard';

try {
  await engine.recognize(bytes);
} catch (error) {
  if (PlacardError.is(error) && error.code === 'ERR_PLACARD_QUEUE_FULL') return tryLater();
  throw error;
}
\`\`\`

\`PlacardError.is\` also knows the errors of another copy of placard in the same process (\`import\` and \`require\` load one
each); \`instanceof\` does not.

| code | when |
|---|---|
${rows.join('\n')}
`;
}
