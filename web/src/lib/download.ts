/** Hand a file to the browser's downloads. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  saveUrl(url, name);
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Save text under a name. */
export function saveText(name: string, text: string, mime: string): void {
  saveBlob(name, new Blob([text], { type: `${mime};charset=utf-8` }));
}

/** Let the browser download an address of this server; the server names the file unless `name` is given. */
export function saveUrl(url: string, name = ""): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}

/** A title as a file name that every system takes. */
export function fileName(title: string): string {
  const safe = title.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").replaceAll(/^-+|-+$/g, "");
  return safe === "" ? "boxwright" : safe.slice(0, 80);
}
