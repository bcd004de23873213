import { problemAdvice } from '../contract/problem-advice.ts';
import { problemTypes, type ProblemCode } from '../contract/problem-types.ts';

const problems = (Object.keys(problemTypes) as ProblemCode[]).map((code) => ({
  code,
  ...problemTypes[code],
  advice: problemAdvice[code],
}));

const introduction =
  'Every error is answered as problem details (RFC 9457, application/problem+json). The member "code" is stable and never renamed; "detail" says what was wrong, ' +
  'where, what is true now and what to do. "requestId" names the request in the log.';

/** The page that the `type` of every problem points to; the code is the fragment. Markup only: the security headers allow nothing else. */
export function problemsHtml(): string {
  const sections = problems.map(
    ({ code, status, title, advice }) =>
      `<section id="${code}"><h2>${code}</h2><p><b>${status} ${escape(title)}</b></p><p>${paragraph(advice)}</p></section>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Problems</title><h1>Problems</h1><p>${escape(introduction)}</p>${sections.join('\n')}</html>`;
}

/** The same as docs/problems.md. */
export function problemsMarkdown(): string {
  const sections = problems.map(({ code, status, title, advice }) => `## ${code}\n\n**${status} ${title}.** ${advice}\n`);
  return `# Problems\n\n${introduction}\n\n${sections.join('\n')}`;
}

export const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Text with `code` in backticks. */
export const paragraph = (text: string): string => escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
