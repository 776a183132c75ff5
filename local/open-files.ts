/** Under load; most are connections of sandboxes to the emulators, both ends of which are in this process. */
const OPEN_FILES_WANTED = 1_024;

interface Report {
  readonly userLimits?: { readonly open_files: { readonly soft: number | string } };
}

/** What a person should know whose system lets a process open few files only; Node has raised its limit as far as it may. */
export function openFilesWarning(limit = openFilesLimit()): string | undefined {
  if (limit >= OPEN_FILES_WANTED) return undefined;
  return (
    `This process may open ${limit} files only. Under load it needs about ${OPEN_FILES_WANTED}: ` +
    'raise the limit, as with "ulimit -n 4096", before you start.'
  );
}

/** Where the system tells none, there is none. */
function openFilesLimit(): number {
  const { userLimits } = process.report.getReport() as Report;
  const soft = Number(userLimits?.open_files.soft);
  return Number.isNaN(soft) ? Infinity : soft;
}
