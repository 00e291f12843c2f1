/** A file with the path under which it will be known: the folder's name is part of it where a folder was chosen. */
export interface Picked {
  file: File;
  path: string;
}

const SKIPPED = /(^|\/)(\.|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/i;

/** Files of an `<input>`; `webkitRelativePath` is filled by folder inputs. */
export function fromInput(files: Iterable<File>): Picked[] {
  return [...files]
    .map((file) => ({ file, path: file.webkitRelativePath === "" ? file.name : file.webkitRelativePath }))
    .filter((picked) => !SKIPPED.test(picked.path));
}

/** Files of a drop, folders opened to their depth. Must be called inside the event, before anything is awaited. */
export function fromDrop(transfer: DataTransfer): Promise<Picked[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return Promise.resolve(fromInput(transfer.files));
  return Promise.all(entries.map(walk)).then((found) => found.flat().filter((picked) => !SKIPPED.test(picked.path)));
}

async function walk(entry: FileSystemEntry): Promise<Picked[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Picked[] = [];
  for (;;) {
    // Browsers hand out a folder in portions; an empty one ends it.
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (portion.length === 0) return found;
    for (const child of portion) found.push(...(await walk(child)));
  }
}
