/** One row by column name; a missing or empty cell is the empty text. */
export type CsvRow = Readonly<Record<string, string>>;

/**
 * Reads CSV (RFC 4180: quotes doubled inside quotes, line ends LF or CRLF, a byte order mark is skipped) whose first line names the columns.
 * @throws SyntaxError naming the line
 */
export function parseCsv(text: string): CsvRow[] {
  const [head, ...rows] = cells(text.replace(/^\uFEFF/, ''));
  if (!head) return [];
  return rows.map(({ line, row }) => {
    if (row.length !== head.row.length)
      throw new SyntaxError(`line ${line} has ${row.length} cells, the first has ${head.row.length}`);
    return Object.fromEntries(head.row.map((name, index) => [name.trim(), row[index] ?? '']));
  });
}

interface Line {
  readonly line: number;
  readonly row: readonly string[];
}

const plain = /[^,\r\n]*/y;

function cells(text: string): Line[] {
  const lines: Line[] = [];
  let row: string[] = [];
  let [line, began, at] = [1, 1, 0];
  while (at < text.length) {
    let cell: string;
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1, line);
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      line += cell.split('\n').length - 1;
      at = end + 1;
    } else {
      plain.lastIndex = at;
      cell = plain.exec(text)?.[0] ?? '';
      at += cell.length;
    }
    row.push(cell);
    if (text[at] === ',') {
      at++;
      if (at === text.length) row.push('');
      continue;
    }
    if (text[at] === '\r') at++;
    if (at < text.length && text[at] !== '\n') throw new SyntaxError(`line ${line} goes on after a closing quote`);
    at++;
    if (row.length > 1 || row[0] !== '') lines.push({ line: began, row });
    row = [];
    began = ++line;
  }
  if (row.length > 0) lines.push({ line: began, row });
  return lines;
}

function closingQuote(text: string, from: number, line: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at;
  throw new SyntaxError(`line ${line} opens a quote that nothing closes`);
}

/** Writes rows as CSV, with the columns of the first one. */
export function formatCsv(rows: readonly Readonly<Record<string, string | number | null>>[]): string {
  const [first] = rows;
  if (!first) return '';
  const names = Object.keys(first);
  const quoted = (value: string | number | null | undefined): string => {
    const text = String(value ?? '');
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [names, ...rows.map((row) => names.map((name) => row[name]))].map((row) => `${row.map(quoted).join(',')}\n`).join('');
}
