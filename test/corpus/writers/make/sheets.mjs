// Writes the table with exceljs and SheetJS. Arguments: the table (JSON Lines), the folder to write to, and where to
// put the workbook that the spreadsheets convert: text cells, date cells and boolean cells.
import { readFileSync, writeFileSync } from 'node:fs';
import ExcelJS from 'exceljs';
import XLSX from 'xlsx';

const [table, out, workbookFile] = process.argv.slice(2);
const rows = readFileSync(table, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
  .map((row) => ({ ...row, dueAt: row.dueAt === null ? null : new Date(row.dueAt) }));
const names = Object.keys(rows[0]);

const workbook = new ExcelJS.Workbook();
workbook.created = workbook.modified = new Date(0);
const sheet = workbook.addWorksheet('Tasks');
sheet.columns = names.map((key) => ({ header: key, key, width: 24 }));
sheet.getColumn('dueAt').numFmt = 'yyyy-mm-dd hh:mm:ss';
sheet.addRows(rows);
await workbook.xlsx.writeFile(workbookFile);
await workbook.csv.writeFile(`${out}/exceljs.csv`);
await workbook.csv.writeFile(`${out}/exceljs-utc.csv`, { dateUTC: true, dateFormat: 'YYYY-MM-DDTHH:mm:ss[Z]' });

const book = XLSX.utils.book_new();
XLSX.utils.book_append_sheet(book, XLSX.utils.json_to_sheet(rows, { header: names, cellDates: true }), 'Tasks');
writeFileSync(`${out}/sheetjs.csv`, XLSX.write(book, { bookType: 'csv', type: 'buffer' }));
writeFileSync(`${out}/sheetjs-unicode-text.txt`, XLSX.write(book, { bookType: 'txt', type: 'buffer' }));
const iso = { dateNF: 'yyyy-mm-dd"T"hh:mm:ss', FS: ';', RS: '\r\n', forceQuotes: true };
writeFileSync(`${out}/sheetjs-iso.csv`, XLSX.utils.sheet_to_csv(book.Sheets['Tasks'], iso));
