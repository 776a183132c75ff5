/** A text that readers of CSV read differently, with the result of this reader. */
export interface Case {
  /** The name in the table of docs/files.md. */
  readonly name: string;
  readonly text: string;
  readonly delimiter?: string;
  /** The cells of each record, or the code of a refused record. */
  readonly records?: readonly (readonly string[] | string)[];
  /** Why the whole text is refused. */
  readonly failed?: string;
}

export const cases: readonly Case[] = [
  {
    name: 'blanks before and after a quoted cell',
    text: 'A, "B" ,C\n\t"D,E"\t,F,G\n',
    records: [
      ['A', 'B', 'C'],
      ['D,E', 'F', 'G'],
    ],
  },
  {
    name: 'blanks after a closing quote, a line end in the cell',
    text: 'a,b,"c\n" \nd,e,f\n',
    records: [
      ['a', 'b', 'c\n'],
      ['d', 'e', 'f'],
    ],
  },
  { name: 'a quote inside a bare cell', text: 'A,5" nail,B "B"\n', records: [['A', '5" nail', 'B "B"']] },
  {
    name: 'text after a closing quote',
    text: 'a,"b"c,d\ne,f,g\n',
    records: ['INVALID_QUOTES', ['e', 'f', 'g']],
  },
  { name: 'text after a closing quote, a line end in the cell', text: 'a,"b,c\nd"e,f,g\n', failed: 'INVALID_QUOTES' },
  { name: 'a quote that is never closed', text: 'a,"b,c\nd,e,f\n', failed: 'UNCLOSED_QUOTE' },
  {
    name: 'lines of delimiters alone',
    text: 'a,b\n,\n"",""\nc,d\n',
    records: [
      ['a', 'b'],
      ['', ''],
      ['', ''],
      ['c', 'd'],
    ],
  },
  {
    name: 'blank lines',
    text: '\na,b\n\n\r\nc,d\n\n',
    records: [
      ['a', 'b'],
      ['c', 'd'],
    ],
  },
  {
    name: 'line ends of several kinds',
    text: 'a,b\nc,d\re,f\r\ng,h\n',
    records: [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
      ['g', 'h'],
    ],
  },
  {
    name: 'rows of fewer and of more cells',
    text: 'a,b,c\nd\ne,f,g,h\n',
    records: [['a', 'b', 'c'], ['d'], ['e', 'f', 'g', 'h']],
  },
  { name: 'a byte-order mark', text: '\uFEFF"A",B\n', records: [['A', 'B']] },
];
